//! Checks of many open applications at once, only where the matter's clause asks for it: each with its own number and its own ground,
//! approved by a second person, seen by each applicant.
//!
//! Whom a batch is about is not kept. Of each part a keyed digest stays; whoever asks shows the rows of the part again, and those that were
//! approved are answered and no others. Parts go in their order, each answered in one transaction with a line in every applicant's log:
//! whoever is interrupted goes on with the next part, and asks once more for the last one.

mod answer;
mod approve;
mod file;
mod keys;
mod open;
mod rows;

use chengxin_core::catalogue::matter::MatterDef;
use chengxin_core::check::{BatchNumber, Progress};
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Say};
use chengxin_store::check_batch::CheckBatchRow;
use serde::Serialize;

pub use answer::{Answered, Look, Part, PartAnswers, PartRequest};
pub use file::batch_rows;
pub use open::{BatchOpened, BatchRequest};
pub use rows::{BatchFault, BatchRow};

use crate::authority::served;
use crate::{AppError, Installation};

/// Most batches that one list holds: more than may go on at once.
const LISTED: i64 = 200;

/// A batch, as those who ask and approve see it: nothing of it tells whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Its number.
    pub number: String,
    /// Code of the matter.
    pub matter: String,
    /// Name of the matter.
    pub matter_name: Say,
    /// What for, as the applicants read it.
    pub purpose: String,
    /// How many applications.
    pub applications: i64,
    /// Applications in a part.
    pub part_size: usize,
    /// How many parts.
    pub parts: usize,
    /// How many of them were answered.
    pub done: i64,
    /// `waiting`, `approved`, `answered` or `over`.
    pub state: String,
    /// The same in words.
    pub state_name: Say,
    /// Who asked for it.
    pub opened_by: String,
    /// When, in Asia/Shanghai.
    pub opened: String,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// From when on it is over, in Asia/Shanghai.
    pub until: String,
}

/// Bytes of the digest of a part.
const DIGEST: usize = 32;

fn progress(row: &CheckBatchRow) -> Progress {
    Progress {
        approved: row.approved_by.is_some(),
        until_us: row.until_us,
        done: usize::try_from(row.done).unwrap_or(usize::MAX),
        repeated: usize::try_from(row.repeated).unwrap_or(usize::MAX),
        parts: row.parts.len() / DIGEST,
    }
}

/// Applications in a part of a batch, as it was when it was asked for.
fn part_size(row: &CheckBatchRow) -> usize {
    usize::try_from(row.part_size).unwrap_or(1).max(1)
}

/// Refuses a matter whose clause does not ask for batches. Asked with every step: a clause can end while a batch waits.
fn asked_for_by_law(matter: &MatterDef) -> Result<(), AppError> {
    if matter.matter.batch {
        return Ok(());
    }
    let name = matter.name();
    Err(AppError::conflict(
        format!("“{}”所依条款没有要求批量核查，请逐件核查", name.zh),
        format!("the clause of “{}” does not ask for batches: check one application at a time", name.en),
    ))
}

/// The kind of document that was stated, or that a number shows.
fn kind_of(kind: Option<DocumentKind>, number: &str) -> DocumentKind {
    kind.unwrap_or_else(|| DocumentKind::of_number(number.trim()))
}

impl Installation {
    fn batch(&self, row: &CheckBatchRow) -> Batch {
        let progress = progress(row);
        let (state, state_name) = progress.state(self.now_us());
        let matter_name =
            self.catalogue.matter(&row.matter).map_or_else(|| Say::new(&row.matter, &row.matter), MatterDef::name);
        let number = BatchNumber::parse(&row.number).map_or_else(|| row.number.clone(), |number| number.text());
        Batch {
            number,
            matter: row.matter.clone(),
            matter_name,
            purpose: row.purpose.clone(),
            applications: row.applications,
            part_size: part_size(row),
            parts: progress.parts,
            done: row.done,
            state: state.to_owned(),
            state_name,
            opened_by: row.opened_by.clone(),
            opened: shanghai_text(row.opened_us),
            approved_by: row.approved_by.clone(),
            until: shanghai_text(row.until_us),
        }
    }

    fn batch_limits(&self) -> &'static chengxin_core::check::BatchLimits {
        chengxin_core::check::batch_limits(self.today())
    }

    /// A batch of the caller's own authority that the platform itself wrote.
    fn batch_of(&self, caller: &Caller, name: &'static str, number: &str) -> Result<CheckBatchRow, AppError> {
        let missing =
            || AppError::not_found("没有该批量核查，请核对编号", "there is no such batch: compare its number");
        let found = match BatchNumber::parse(number) {
            Some(number) => self.store.view().check_batch(number.as_str())?,
            None => None,
        };
        let own = found.filter(|row| self.keys.is_check_batch(row));
        let row = own.ok_or_else(|| self.denied(caller, name, missing()))?;
        if caller.authority.as_deref() == Some(row.authority.as_str()) {
            return Ok(row);
        }
        Err(self.denied(caller, name, missing()))
    }

    /// One batch of the caller's own authority.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for one that there is not, or of another authority.
    pub fn check_batch_show(&self, caller: &Caller, number: &str) -> Result<Batch, AppError> {
        const NAME: &str = "check_batch_show";
        self.authorise(caller, NAME)?;
        Ok(self.batch(&self.batch_of(caller, NAME, number)?))
    }

    /// Batches of the caller's own authority, first those that go on, each time the newest first; at most 200.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without an authority.
    pub fn check_batch_list(&self, caller: &Caller) -> Result<Vec<Batch>, AppError> {
        self.authorise(caller, "check_batch_list")?;
        let rows = self.store.view().check_batches(served(caller)?, self.now_us(), LISTED)?;
        Ok(rows.iter().filter(|row| self.keys.is_check_batch(row)).map(|row| self.batch(row)).collect())
    }
}
