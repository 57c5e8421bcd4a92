//! A table as a file that a spreadsheet programme opens: CSV in UTF-8 with its mark, or XLSX. Cells are what the page shows; none is a formula.

use chengxin_core::statistics::Month;
use chengxin_core::{Lang, Say};
use chengxin_sheet::{table_csv, table_xlsx};
use serde::Deserialize;

use super::tables::StatisticsTable;
use crate::AppError;

/// Characters of a column of names, and of one of numbers.
const WIDTHS: (u16, u16) = (32, 14);

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Text with commas, UTF-8 with its mark.
    Csv,
    /// A workbook.
    Xlsx,
}

impl ExportFormat {
    /// Reads the ending of a file's name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The ending of the file's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Its name, of letters that every system has.
    pub name: String,
    /// Its kind.
    pub format: ExportFormat,
    /// Its content.
    pub content: Vec<u8>,
}

/// A table as a file in a language.
pub(super) fn written(
    month: Month,
    table: &StatisticsTable,
    format: ExportFormat,
    lang: Lang,
) -> Result<Exported, AppError> {
    let code = Say::new("编号", "Code");
    let headings = [&code, &table.of].into_iter().chain(&table.columns).map(|say| say.get(lang).to_owned());
    let headings: Vec<String> = headings.collect();
    let rows = table.rows.iter().chain(&table.sum).map(|row| {
        let names = [row.code.clone(), row.label.get(lang).to_owned()];
        names.into_iter().chain(row.figures.iter().map(super::Figure::text)).collect::<Vec<String>>()
    });
    let content = match format {
        ExportFormat::Csv => table_csv(true, &headings, rows),
        ExportFormat::Xlsx => {
            let widths: Vec<u16> = (0..headings.len()).map(|at| if at < 2 { WIDTHS.0 } else { WIDTHS.1 }).collect();
            table_xlsx(table.code, &headings, rows, &widths)
        }
    };
    let name = format!("{}-{month}.{}", table.code, format.code());
    Ok(Exported { name, format, content: content? })
}
