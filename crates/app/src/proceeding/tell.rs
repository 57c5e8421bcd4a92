//! Whom a step is told to: the person, the authority, and whoever was shown a record that it changed. Called behind the entry of the step, in its
//! transaction.

use chengxin_core::notice::NoticeKind;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_store::Tx;
use serde_json::json;

use super::row::Opened;
use crate::AppError;
use crate::check::ShownTo;
use crate::keyring::Keyring;
use crate::notice::{Told, tell, tell_authority};

/// What the person is told of a step that led where `of` stands.
pub(super) fn kind_of(of: &Opened, extended: bool) -> Option<NoticeKind> {
    use NoticeKind as N;
    Some(match (of.kind, of.row.state.as_str()) {
        (ProceedingKind::Repair, "asked") => N::RepairReceived,
        (ProceedingKind::Repair, "accepted") if extended => N::RepairExtended,
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

/// What those who were shown the record are told of a decision.
fn decided(of: &Opened) -> Option<NoticeKind> {
    Some(match of.row.state.as_str() {
        "corrected" => NoticeKind::RecordCorrected,
        "withdrawn" | "not_theirs" => NoticeKind::RecordWithdrawn,
        "granted" => NoticeKind::RecordRepaired,
        _ => return None,
    })
}

pub(super) fn record(of: &Opened) -> Option<([u8; 16], i64)> {
    Some((of.row.record_id, of.body.version))
}

/// Tells the person of a step that changed how far the proceeding has come, and the authority of what came in.
pub(super) fn step(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    (before, of): (Option<&Opened>, &Opened),
    extended: bool,
) -> Result<(), AppError> {
    if before.is_some_and(|before| before.row.state == of.row.state) && !extended {
        return Ok(());
    }
    let Some(kind) = kind_of(of, extended) else { return Ok(()) };
    let number = of.number();
    // A request may be asked for again after a refusal: each time is told.
    let detail = json!({ "filed_us": now_us });
    let told = Told { subject: &of.row.subject_id, kind, record: record(of), case: &number, detail: &detail };
    tell(tx, keys, now_us, &told)?;
    // Whose a record is an identity clerk finds out: the authority is not asked.
    let came_in = matches!(kind, NoticeKind::ObjectionReceived | NoticeKind::RepairReceived);
    if came_in && of.kind != ProceedingKind::NotMe {
        tell_authority(tx, keys, now_us, &of.row.authority, kind, record(of), &number)?;
    }
    Ok(())
}

/// Tells the person and the authority that a last day has passed.
pub(super) fn overdue(tx: &Tx<'_>, keys: &Keyring, now_us: i64, of: &Opened) -> Result<(), AppError> {
    let kind = if of.kind == ProceedingKind::Repair { NoticeKind::RepairOverdue } else { NoticeKind::ObjectionOverdue };
    let (number, detail) = (of.number(), json!({ "due": of.due() }));
    let told = Told { subject: &of.row.subject_id, kind, record: record(of), case: &number, detail: &detail };
    tell(tx, keys, now_us, &told)?;
    tell_authority(tx, keys, now_us, &of.row.authority, kind, record(of), &number)
}

/// Tells authorities that were shown the record: the number of their application, and no name; whether something must be settled.
pub(super) fn reached(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    of: &Opened,
    shown: &[ShownTo],
) -> Result<(), AppError> {
    let Some(kind) = decided(of) else { return Ok(()) };
    let hex = chengxin_core::record::RecordId(of.row.record_id).hex();
    for it in shown {
        let rests = it.outcome.as_ref().is_some_and(|(_, rests_on)| rests_on.contains(&hex));
        let kind = if rests { NoticeKind::OutcomeReview } else { kind };
        tell_authority(tx, keys, now_us, &it.authority, kind, record(of), &it.case_no)?;
    }
    Ok(())
}
