//! Whose answer came late, and what it was: what of a proceeding becomes a record about an authority.

use chengxin_core::deadline::DeadlineKind;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::repair::RepairState;

use super::row::{Course, Opened};
use crate::authority::late::{Clock, Late, passed};

/// What a step tells about the last day before it; `None` where nothing was late.
pub(super) fn late(before: &Opened, next: &Opened, now_us: i64) -> Option<Late> {
    let (due, answered) = passed(clock(before), clock(next), now_us)?;
    // “This is not me” is decided by the credit office's identity clerks, and not by who determined the record.
    let authority = (before.kind != ProceedingKind::NotMe).then(|| before.row.authority.clone());
    let begun = before.begun().unwrap_or(due);
    Some(Late { number: before.number(), authority, deadline: deadline(before), begun, due, answered })
}

fn clock(of: &Opened) -> Clock {
    Clock { due_on: of.row.due_on, told_on: of.row.told_on, closed_on: of.row.closed_on }
}

fn deadline(of: &Opened) -> DeadlineKind {
    match &of.body.course {
        Course::Objection(_) => DeadlineKind::ObjectionAnswer,
        Course::Repair(repair) if repair.state() == RepairState::Asked => DeadlineKind::RepairAcceptance,
        Course::Repair(_) => DeadlineKind::RepairDecision,
    }
}
