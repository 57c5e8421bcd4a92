//! How authorities answer: counts of proceedings and of lateness. Nothing here counts adverse records, or people.

use chengxin_core::dates::to_days;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::{Caller, Role, Say};
use serde::Serialize;

use crate::authority::late::parties;
use crate::authority::{called, served};
use crate::{AppError, Installation};

/// How an authority answers proceedings of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityFigures {
    /// Code of the authority.
    pub authority: String,
    /// Its name.
    pub authority_name: Say,
    /// Kind of proceeding.
    pub kind: ProceedingKind,
    /// How many were filed.
    pub filed: i64,
    /// How many of them are closed.
    pub closed: i64,
    /// In how many of them a step came late.
    pub late: i64,
    /// By how many days in all.
    pub late_days: i64,
    /// How many are overdue today.
    pub overdue: i64,
    /// In how many lateness is counted here and is no record about the authority, because it, or an office that determines it, is not on file with its code.
    pub unrecorded: i64,
}

impl Installation {
    /// How authorities answer, by authority and kind; an authority's own officers read those of their own.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn proceeding_figures(&self, caller: &Caller) -> Result<Vec<AuthorityFigures>, AppError> {
        self.authorise(caller, "proceeding_figures")?;
        let own = match caller.role {
            Role::Decider | Role::DataOfficer => Some(served(caller)?),
            _ => None,
        };
        let view = self.store.view();
        let (on_file, mut figures) = (view.authorities()?, Vec::new());
        for row in view.proceeding_figures(to_days(self.today()))? {
            if own.is_some_and(|own| own != row.authority) {
                continue;
            }
            let office = on_file.iter().find(|office| office.code == row.authority);
            let kind = ProceedingKind::from_i64(row.kind).ok_or_else(|| AppError::internal("kind of a proceeding"))?;
            let late = (kind != ProceedingKind::NotMe).then_some(row.authority.as_str());
            let recorded = parties(&on_file, late).is_some();
            figures.push(AuthorityFigures {
                authority_name: called(office, &row.authority),
                kind,
                authority: row.authority,
                filed: row.filed,
                closed: row.closed,
                late: row.late,
                late_days: row.late_days,
                overdue: row.overdue,
                unrecorded: if recorded { 0 } else { row.late + row.overdue },
            });
        }
        Ok(figures)
    }
}
