//! Whom a change of a record must reach: whoever was shown it in the last three years, in a matter that is open or ended adversely. They are told the
//! number of their application and no name; where their refusal rests on the record, they confirm it or open it again (`follow_up.rs`). A decision reaches them in
//! its own transaction; what a file, a release, a clerk or a lock changed does by a job (`turn.rs`).

use chengxin_core::dates::{day_start_us, shanghai_date};
use chengxin_core::follow_up::FollowUpState;
use chengxin_core::notice::NoticeKind;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::record::RecordId;
use chengxin_core::workflow::Word as _;
use chengxin_store::audit::{Cell, FOLLOW_UPS, Table};
use chengxin_store::proceeding::FollowUpRow;
use chengxin_store::{Tx, View};
use jiff::ToSpan;

use super::follow_up::{Body, sealed};
use super::row::{Keeper, Opened};
use crate::AppError;
use crate::check::{Outcome, ShownTo, shown_to};
use crate::keyring::Keyring;
use crate::notice::{ToldOffice, tell_authority};

/// For how many years back.
///
/// # Source
/// House rule.
const YEARS: i32 = 3;

/// What became of a record, as whoever was shown it is told.
pub(super) struct Turn {
    pub(super) record: [u8; 16],
    /// Tells what follows from this change from what follows from another: the proceeding that decided it, or the version that it wrote.
    pub(super) by: [u8; 16],
    /// The version that they are told about.
    pub(super) version: i64,
    /// What they are told, and which of several of one kind.
    pub(super) told: NoticeKind,
    pub(super) which: String,
    /// Number, kind and state of the proceeding that decided it.
    pub(super) proceeding: Option<(String, ProceedingKind, String)>,
}

impl Turn {
    /// What a proceeding decided; `None` where it leaves the record as it was.
    pub(super) fn of(of: &Opened) -> Option<Self> {
        let told = match of.row.state.as_str() {
            "corrected" => NoticeKind::RecordCorrected,
            "withdrawn" | "not_theirs" => NoticeKind::RecordWithdrawn,
            "granted" => NoticeKind::RecordRepaired,
            _ => return None,
        };
        Some(Self {
            record: of.row.record_id,
            by: of.row.proceeding_id,
            version: of.body.version,
            told,
            which: String::new(),
            proceeding: Some((of.number(), of.kind, of.row.state.clone())),
        })
    }

    /// The row of what follows for one of them, but for its line and seals.
    fn row(&self, keys: &Keyring, keeper: &Keeper, now_us: i64, it: &ShownTo) -> FollowUpRow {
        let state = FollowUpState::first(self.bears(it));
        FollowUpRow {
            subject_id: keeper.subject,
            follow_up_id: keys.follow_up_id(&it.check, &self.record, &self.by),
            record_id: self.record,
            authority: it.authority.clone(),
            state: state.as_i64(),
            told_us: now_us,
            line: 0,
            sealed: Vec::new(),
            seal: [0; 32],
        }
    }

    fn body(&self, it: &ShownTo) -> Body {
        let (proceeding, kind, decided) = match &self.proceeding {
            Some((number, kind, state)) => (number.clone(), Some(*kind), state.clone()),
            None => (String::new(), None, self.told.code().to_owned()),
        };
        let (check, case_no, matter) = (it.check.clone(), it.case_no.clone(), it.matter.clone());
        Body { check, case_no, matter, proceeding, kind, decided, reason: String::new() }
    }

    /// Does a refusal of theirs rest on the record?
    fn bears(&self, it: &ShownTo) -> bool {
        let hex = RecordId(self.record).hex();
        it.outcome.as_ref().is_some_and(|(_, rests_on)| rests_on.contains(&hex))
    }
}

/// Whoever was shown a record within three years before a moment, and whose matter is open or ended adversely, as the log has it in this transaction.
pub(super) fn concerned(
    view: View<'_>,
    subject: &[u8; 16],
    record: &[u8; 16],
    at_us: i64,
) -> Result<Vec<ShownTo>, AppError> {
    let since = shanghai_date(at_us).checked_sub(YEARS.years());
    let since = since.map_err(|error| AppError::internal(format!("three years ago: {error}")))?;
    let mut shown = shown_to(view, subject, &RecordId(*record).hex(), day_start_us(since))?;
    shown.retain(|it| !matches!(it.outcome, Some((Outcome::Granted | Outcome::Withdrawn, _))));
    Ok(shown)
}

/// Rows that an act wrote, for its entry.
type Rows = Vec<(&'static Table, Vec<Cell>)>;

/// Writes what follows for them, in rows that name the entry which the caller writes next; whoever was told of it already is not told twice.
pub(super) fn reach(
    tx: &Tx<'_>,
    keys: &Keyring,
    (keeper, now_us): (&Keeper, i64),
    turn: &Turn,
    shown: &[ShownTo],
) -> Result<Rows, AppError> {
    let (line, mut rows) = (tx.view().log_last_number(&keeper.subject)? + 1, Vec::new());
    for it in shown {
        let row = turn.row(keys, keeper, now_us, it);
        if tx.view().follow_up(&keeper.subject, &row.follow_up_id)?.is_some() {
            continue;
        }
        rows.push((&FOLLOW_UPS, vec![Cell::from(&keeper.subject), Cell::from(&row.follow_up_id)]));
        tx.follow_up_add(&sealed(keys, keeper, FollowUpRow { line, ..row }, &turn.body(it))?)?;
    }
    Ok(rows)
}

/// Tells them, behind the entry: the number of their application, and no name; whether something must be settled.
pub(super) fn tell(tx: &Tx<'_>, keys: &Keyring, now_us: i64, turn: &Turn, shown: &[ShownTo]) -> Result<(), AppError> {
    for it in shown {
        let kind = if turn.bears(it) { NoticeKind::OutcomeReview } else { turn.told };
        let (record, case) = (Some((turn.record, turn.version)), it.case_no.as_str());
        let told = ToldOffice { authority: &it.authority, record, case, which: &turn.which };
        tell_authority(tx, keys, now_us, kind, &told)?;
    }
    Ok(())
}
