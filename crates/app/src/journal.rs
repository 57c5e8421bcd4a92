//! One line in the log for every change and disclosure, in the transaction that makes it.

use chengxin_core::{Caller, Ground};
use chengxin_seal::random_bytes;
use chengxin_store::Tx;
use chengxin_store::log::{INSTALLATION, LogRow, NewLogEntry};
use serde_json::{Value, json};

use crate::AppError;
use crate::keyring::Keyring;

/// Operation of the line that says: something is sealed until a day. It says nothing else.
pub(crate) const SEALED: &str = "log_seal";
/// Operation of the line that reveals an entry whose day has come.
pub(crate) const REVEALED: &str = "log_reveal";

/// Logs an act that concerns the installation or many subjects at once.
pub(crate) fn log(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    append(tx, keys, &INSTALLATION, now_us, operation, caller, detail)
}

/// Logs an act that concerns one subject: it becomes a numbered line that the subject can read, at once or, where the law
/// orders silence, from its day on.
pub(crate) fn log_about(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    let Ground::SilentDuty { silence, until, said, .. } = &caller.ground else {
        return append(tx, keys, subject, now_us, operation, caller, detail);
    };
    // A chain for each: once one is revealed, its number must not tell how many others are not.
    let chain = random_bytes();
    let hidden = append(tx, keys, &chain, now_us, operation, caller, detail)?;
    tx.log_hidden_add(subject, &chain, hidden.number, chengxin_core::dates::to_days(*until), silence)?;
    if *said {
        let platform = Caller::operator("", "依法保密");
        append(tx, keys, subject, now_us, SEALED, &platform, &json!({ "until": until, "clause": silence }))?;
    }
    Ok(hidden)
}

/// Reveals what was hidden from a subject until today or earlier: each as a new line that carries the whole entry, so that
/// the subject's own numbers never had a gap.
pub(crate) fn reveal(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    now_us: i64,
    today: i32,
) -> Result<usize, AppError> {
    let due = tx.view().log_hidden_due(subject, today)?;
    for hidden in &due {
        let missing = || AppError::internal("a hidden entry is missing");
        let entry = tx.view().log_entry(&hidden.chain_id, hidden.number)?.ok_or_else(missing)?;
        let platform = Caller::operator("", "保密期届满");
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let detail = json!({
            "chain": hex(&hidden.chain_id), "commitment": hex(&entry.commitment), "clause": hidden.clause,
        });
        let line = append(tx, keys, subject, now_us, REVEALED, &platform, &detail)?;
        tx.log_hidden_revealed(subject, hidden, line.number)?;
    }
    Ok(due.len())
}

fn append(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    let caller = serde_json::to_string(caller).map_err(|e| AppError::internal(format!("log caller: {e}")))?;
    let entry = NewLogEntry {
        subject_id: subject,
        at_us: now_us,
        operation,
        caller: &caller,
        detail: &detail.to_string(),
        salt: random_bytes(),
    };
    Ok(tx.log_append(&keys.hash(), &entry)?)
}
