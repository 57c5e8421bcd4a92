//! Objections that end without an answer of their authority: whoever the record is not about needs none about what it says.

use chengxin_core::objection::{ObjectionStep, Said};
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::workflow::Party;
use chengxin_store::Tx;
use jiff::civil::Date;

use super::act::{Act, Besides};
use super::row::{Course, Opened, opened};
use super::tell;
use crate::AppError;

/// Ends every objection that runs about the record of `found`, which was found not to be theirs; each with an entry and a notice of its own. The words say
/// that it was found and under which number, never on which evidence: the authority reads them.
///
/// # Errors
/// The store's; an internal fault for a row that was not written with our keys.
pub(super) fn with_identity(tx: &Tx<'_>, act: &Act<'_>, today: Date, found: &Opened) -> Result<(), AppError> {
    let of_record = |row: &chengxin_store::proceeding::ProceedingRow| {
        row.record_id == found.row.record_id && row.waits > 0 && row.kind == ProceedingKind::Objection as i64
    };
    for row in tx.view().proceedings(&act.keeper.subject)?.into_iter().filter(of_record) {
        let before = opened(act.keys, act.keeper, row)?;
        let broken = || AppError::internal("an objection that runs cannot end");
        let number = found.number();
        let text = format!("经核验，该记录不是当事人的（{number}）。/ Found not to be theirs ({number}).");
        let said = Said { text, attachments: Vec::new() };
        let objection = before.objection().ok_or_else(broken)?;
        let ended = objection.after(ObjectionStep::FindNotTheirs, Party::IdentityClerk, today, said);
        let next = before.with(Course::Objection(ended.map_err(|error| broken().because(error.say().en))?));
        act.set(tx, &before, &next, &[], Besides::default())?;
        tell::step(tx, act.keys, act.now_us, (Some(&before), &next))?;
    }
    Ok(())
}
