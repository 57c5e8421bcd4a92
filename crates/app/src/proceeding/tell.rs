//! Whom a step is told to: the person and the authority. Called behind the entry of the step, in its transaction.

use chengxin_core::notice::NoticeKind;
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::repair::RepairStep;
use chengxin_store::Tx;
use serde_json::json;

use super::row::{Course, Opened};
use crate::AppError;
use crate::keyring::Keyring;
use crate::notice::{Told, ToldOffice, tell, tell_authority};

/// What the person was told of where `of` stands.
pub(super) fn kind_of(of: &Opened) -> Option<NoticeKind> {
    use NoticeKind as N;
    Some(match (of.kind, of.row.state.as_str()) {
        (ProceedingKind::Repair, "asked") => N::RepairReceived,
        (ProceedingKind::Repair, "accepted") => N::RepairAccepted,
        (ProceedingKind::Repair, "turned_away") => N::RepairTurnedAway,
        (ProceedingKind::Repair, "granted" | "refused") => N::RepairDecided,
        (ProceedingKind::Repair, _) => return None,
        (_, "filed" | "not_me") => N::ObjectionReceived,
        (_, "accepted") => N::ObjectionAccepted,
        (_, "refused") => N::ObjectionRefused,
        (_, "more_asked") => N::ObjectionMoreAsked,
        _ => N::ObjectionAnswered,
    })
}

/// What is told of the step that led from `before` to `of`: what it says by itself, or that it changed how far the proceeding has come.
fn kind_of_step(before: Option<&Opened>, of: &Opened) -> Option<NoticeKind> {
    use NoticeKind as N;
    match &of.body.course {
        Course::Repair(repair) => match repair.done().last()?.step {
            RepairStep::AskDelay => return Some(N::RepairDelayAsked),
            RepairStep::AnswerDelay => return Some(N::RepairDelayAnswered),
            RepairStep::Extend => return Some(N::RepairExtended),
            _ => {}
        },
        // Whose a record is an identity clerk finds out, who looks at everything that was handed in when it is decided.
        Course::Objection(objection) if of.kind == ProceedingKind::Objection => {
            if objection.done().last().is_some_and(|done| done.step == ObjectionStep::Supply) {
                return Some(N::ObjectionSupplied);
            }
        }
        Course::Objection(_) => {}
    }
    let moved = before.is_none_or(|before| before.row.state != of.row.state);
    if moved { kind_of(of) } else { None }
}

pub(super) fn record(of: &Opened) -> Option<([u8; 16], i64)> {
    Some((of.row.record_id, of.body.version))
}

/// Tells the person of a step, and the authority of what came in.
pub(super) fn step(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    (before, of): (Option<&Opened>, &Opened),
) -> Result<(), AppError> {
    let Some(kind) = kind_of_step(before, of) else { return Ok(()) };
    let number = of.number();
    // A request may be asked for again after a refusal: each time is told.
    let detail = json!({ "filed_us": now_us });
    let told =
        Told { subject: &of.row.subject_id, kind, record: record(of), office: "", case: &number, detail: &detail };
    tell(tx, keys, now_us, &told)?;
    use NoticeKind as N;
    let came_in = matches!(kind, N::ObjectionReceived | N::ObjectionSupplied | N::RepairReceived | N::RepairDelayAsked);
    // Whose a record is an identity clerk finds out: the authority is not asked.
    if came_in && of.kind != ProceedingKind::NotMe {
        let which = now_us.to_string();
        let told = ToldOffice { authority: &of.row.authority, record: record(of), case: &number, which: &which };
        tell_authority(tx, keys, now_us, kind, &told)?;
    }
    Ok(())
}

/// Tells the person and the authority that a last day has passed.
pub(super) fn overdue(tx: &Tx<'_>, keys: &Keyring, now_us: i64, of: &Opened) -> Result<(), AppError> {
    let kind = if of.kind == ProceedingKind::Repair { NoticeKind::RepairOverdue } else { NoticeKind::ObjectionOverdue };
    let (number, detail) = (of.number(), json!({ "due": of.due() }));
    let told =
        Told { subject: &of.row.subject_id, kind, record: record(of), office: "", case: &number, detail: &detail };
    tell(tx, keys, now_us, &told)?;
    // One case may be late more than once: to be taken up, and to be decided.
    let which = of.due().map(|due| due.to_string()).unwrap_or_default();
    let told = ToldOffice { authority: &of.row.authority, record: record(of), case: &number, which: &which };
    tell_authority(tx, keys, now_us, kind, &told)
}
