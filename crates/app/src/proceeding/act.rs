//! Writing a proceeding: its row, what was handed in, and the entry that the row names.

use chengxin_core::Caller;
use chengxin_store::Tx;
use chengxin_store::audit::{Cell, PROCEEDING_FILES, PROCEEDING_NUMBERS, Table};
use chengxin_store::proceeding::{ProceedingFileRow, ProceedingNumberRow};
use serde_json::{Value, json};

use super::row::{Keeper, Opened};
use crate::AppError;
use crate::keyring::Keyring;
use crate::log::told::Telling;

/// Who does something in a proceeding, and how the log calls it.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) keeper: &'a Keeper,
    pub(super) now_us: i64,
    pub(super) operation: &'static str,
    pub(super) caller: &'a Caller,
}

/// What an entry tells beside the proceeding itself.
#[derive(Default)]
pub(super) struct Besides {
    /// Rows that the act wrote in other tables of the subject's.
    pub(super) rows: Vec<(&'static Table, Vec<Cell>)>,
    /// What else the entry says.
    pub(super) detail: Value,
}

impl Act<'_> {
    /// Writes a new proceeding, with the way from its number to it.
    pub(super) fn add(
        &self,
        tx: &Tx<'_>,
        new: &Opened,
        number: &ProceedingNumberRow,
        files: &[ProceedingFileRow],
        besides: Besides,
    ) -> Result<i64, AppError> {
        let line = self.next_line(tx)?;
        tx.proceeding_add(&new.row_at(line, self.keeper, self.keys)?)?;
        tx.proceeding_number_add(number)?;
        let key = vec![Cell::from(&self.keeper.subject), Cell::from(&number.number_tag)];
        let mut besides = besides;
        besides.rows.push((&PROCEEDING_NUMBERS, key));
        self.told(tx, new, line, files, besides)?;
        Ok(line)
    }

    /// Writes the next state of a proceeding that was `before`.
    ///
    /// # Errors
    /// A conflict where somebody else changed it since it was read.
    pub(super) fn set(
        &self,
        tx: &Tx<'_>,
        before: &Opened,
        next: &Opened,
        files: &[ProceedingFileRow],
        besides: Besides,
    ) -> Result<i64, AppError> {
        // What was read before the transaction may have been changed by whoever was faster.
        let stands = tx.view().proceeding(&before.row.subject_id, &before.row.proceeding_id)?;
        if stands.is_none_or(|row| row.line != before.row.line) {
            return Err(AppError::conflict(
                "该办件刚刚由他人办理，您的操作没有生效；请重新打开后再办",
                "somebody else dealt with this just now, and what you did was not done: open it again",
            ));
        }
        let line = self.next_line(tx)?;
        tx.proceeding_set(&next.row_at(line, self.keeper, self.keys)?, before.row.line)?;
        self.told(tx, next, line, files, besides)?;
        // Who let a last day pass gets a record of their own, with whatever step finds it out.
        if let Some(late) = super::late::late(before, next, self.now_us) {
            late.record(tx, self.keys, self.now_us)?;
        }
        Ok(line)
    }

    fn next_line(&self, tx: &Tx<'_>) -> Result<i64, AppError> {
        Ok(tx.view().log_last_number(&self.keeper.subject)? + 1)
    }

    fn told(
        &self,
        tx: &Tx<'_>,
        of: &Opened,
        line: i64,
        files: &[ProceedingFileRow],
        besides: Besides,
    ) -> Result<(), AppError> {
        let Besides { mut rows, detail } = besides;
        for file in files {
            tx.proceeding_file_add(file)?;
            let key = [Cell::from(&file.subject_id), Cell::from(&file.proceeding_id), Cell::from(file.file_no)];
            rows.push((&PROCEEDING_FILES, key.to_vec()));
        }
        let mut said = if detail.is_object() { detail } else { json!({}) };
        said["number"] = json!(of.number());
        said["record"] = json!(chengxin_core::record::RecordId(of.row.record_id).hex());
        said["kind"] = json!(of.kind.code());
        said["state"] = json!(of.row.state);
        if !files.is_empty() {
            said["attached"] = json!(files.len());
        }
        let Self { keys, now_us, operation, caller, .. } = *self;
        of.thing(line).tell(tx, &Telling { keys, now_us, operation, caller }, rows, said)
    }
}
