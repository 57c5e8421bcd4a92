//! Statistics: how authorities send, how proceedings and complaints end, how often each matter is asked about, what of the catalogue is in use.
//!
//! Tables of plain data, made from what was kept when it happened (`accept`) or counted once a month (`count`), so that no page counts through
//! everything. What may be told of them is settled before anybody sees them (`core/statistics`), and page, chart, file and interface get the same values.
//! Authorities stand in the order of their codes and are never ranked; nothing counts adverse records, listings or people covered.

mod accept;
mod board;
mod count;
mod export;
mod figure;
mod tables;

pub(crate) use accept::InTime;
pub use board::{Board, BoardLine};
pub use export::{ExportFormat, Exported};
pub use figure::{Figure, Precision};
pub use tables::{StatisticsRow, StatisticsTable};

use chengxin_core::statistics::Month;
use chengxin_core::{Caller, Lang};
use jiff::civil::Date;
use serde::Serialize;

use crate::{AppError, Installation};

/// Months of a trend.
const TREND: u16 = 12;

/// Every table of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// The month, which is over: `2026-10`.
    #[schema(value_type = String)]
    pub month: Month,
    /// Its tables.
    pub tables: Vec<StatisticsTable>,
}

impl Installation {
    /// The tables of a month, of the last one that is over where none is named.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; [`crate::Kind::Invalid`] for a month that is none, or not over yet: a figure that grows from day to day would tell of
    /// whom it grew.
    pub fn statistics_show(&self, caller: &Caller, month: Option<&str>) -> Result<Statistics, AppError> {
        self.authorise(caller, "statistics_show")?;
        self.statistics(month)
    }

    /// How the caller's own authority sent in the twelve months that are over: how much of it was taken, and how much of it came in time. Of
    /// whoever acts for no authority there is nothing.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever does not read how authorities work.
    pub fn statistics_own(&self, caller: &Caller) -> Result<Vec<StatisticsTable>, AppError> {
        self.authorise(caller, "proceeding_figures")?;
        let Some(authority) = caller.authority.as_deref() else { return Ok(Vec::new()) };
        tables::own(self.store.view(), authority, Month::last_over(self.today()))
    }

    /// One table as a file.
    ///
    /// # Errors
    /// As [`Self::statistics_show`]; [`crate::Kind::NotFound`] for a table that there is not.
    pub fn statistics_export(
        &self,
        caller: &Caller,
        month: Option<&str>,
        table: &str,
        format: ExportFormat,
        lang: Lang,
    ) -> Result<Exported, AppError> {
        self.authorise(caller, "statistics_export")?;
        let of = self.statistics(month)?;
        let known = of.tables.iter().map(|table| table.code).collect::<Vec<_>>().join("、");
        let found = of.tables.iter().find(|of| of.code == table).ok_or_else(|| {
            AppError::not_found(
                format!("没有名为“{table}”的统计表；有：{known}"),
                format!("there is no table “{table}”: there are {known}"),
            )
        })?;
        export::written(of.month, found, format, lang)
    }

    fn statistics(&self, month: Option<&str>) -> Result<Statistics, AppError> {
        let month = asked(month, self.today())?;
        Ok(Statistics { month, tables: tables::all(self.store.view(), &self.catalogue, month)? })
    }
}

/// The month that was asked for.
fn asked(month: Option<&str>, today: Date) -> Result<Month, AppError> {
    let last = Month::last_over(today);
    let Some(text) = month else { return Ok(last) };
    let Some(month) = Month::parse(text) else {
        return Err(AppError::invalid(
            format!("月份“{text}”有误，应形如 {last}"),
            format!("“{text}” is no month, which looks like {last}"),
        ));
    };
    if !month.is_over(today) {
        return Err(AppError::invalid(
            format!("{month} 尚未结束；只公布已结束的月份，最近的是 {last}"),
            format!("{month} is not over: figures are told of months that are, the last of which is {last}"),
        ));
    }
    Ok(month)
}
