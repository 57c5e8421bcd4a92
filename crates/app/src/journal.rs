//! One line in the log for every change and disclosure, in the transaction that makes it.

use chengxin_core::Caller;
use chengxin_seal::random_bytes;
use chengxin_store::Tx;
use chengxin_store::log::{INSTALLATION, LogRow, NewLogEntry};
use serde_json::Value;

use crate::AppError;
use crate::keyring::Keyring;

/// Logs an act that concerns the installation or many subjects at once.
pub(crate) fn log(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    operation: &str,
    caller: &Caller,
    detail: &Value,
) -> Result<LogRow, AppError> {
    log_about(tx, keys, &INSTALLATION, now_us, operation, caller, detail)
}

/// Logs an act that concerns one subject: it becomes a numbered line that the subject can read.
pub(crate) fn log_about(
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
