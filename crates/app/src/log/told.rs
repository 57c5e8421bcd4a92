//! Which entry of somebody's log told of a thing last. A row that names another is an older one, put back by hand.

use std::collections::HashMap;

use chengxin_core::Caller;
use chengxin_store::audit::{Cell, Table};
use chengxin_store::{Tx, View};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::rows::marks;
use crate::keyring::Keyring;
use crate::{AppError, journal};

/// Entries of a log read at once.
const SLICE: i64 = 1_024;

/// A thing of somebody's, whose row names the entry of their log that wrote it last.
pub(crate) struct Thing<'a> {
    /// By which word entries name it in their detail.
    pub(crate) what: &'static str,
    pub(crate) table: &'static Table,
    /// Whose it is.
    pub(crate) subject: &'a [u8; 16],
    pub(crate) id: &'a [u8; 16],
    /// Number of the entry that its row names.
    pub(crate) line: i64,
}

/// Who does something to a thing, and how the log calls it.
pub(crate) struct Telling<'a> {
    pub(crate) keys: &'a Keyring,
    pub(crate) now_us: i64,
    pub(crate) operation: &'static str,
    pub(crate) caller: &'a Caller,
}

/// Reads a row of which no later entry tells: `read` says what it found, the entry that the row names, and whether that is the newest. Outside a transaction
/// somebody may write between the look at the row and that at the log: then both are looked at again. A row that stands still and is older is a fault.
pub(crate) fn newest_row<T>(
    table: &str,
    mut read: impl FnMut() -> Result<Option<(T, i64, bool)>, AppError>,
) -> Result<Option<T>, AppError> {
    let mut seen = None;
    while let Some((found, line, newest)) = read()? {
        if newest {
            return Ok(Some(found));
        }
        if seen.replace(line) == Some(line) {
            return Err(AppError::internal(format!("a row of the table {table} is older than the log says")));
        }
    }
    Ok(None)
}

impl Thing<'_> {
    /// Does no later entry tell of it? A row as it was before, put back by hand, has a fitting seal and does not count all the same.
    pub(crate) fn is_newest(&self, view: View<'_>) -> Result<bool, AppError> {
        Ok(!told(view, self.subject, self.line, self.what)?.contains_key(&HEXLOWER.encode(self.id)))
    }

    /// The same, of many at once, by what [`told`] said of the whole log.
    pub(crate) fn is_newest_of(&self, told: &HashMap<String, i64>) -> bool {
        told.get(&HEXLOWER.encode(self.id)) == Some(&self.line)
    }

    /// Writes the entry that the row names, with the digest of the row and of `rows` beside what `detail` says.
    pub(crate) fn tell(
        &self,
        tx: &Tx<'_>,
        by: &Telling<'_>,
        mut rows: Vec<(&'static Table, Vec<Cell>)>,
        mut detail: Value,
    ) -> Result<(), AppError> {
        let Self { what, table, subject, id, line } = *self;
        rows.push((table, vec![subject.into(), id.into()]));
        detail[what] = json!(HEXLOWER.encode(id));
        detail["rows"] = marks(tx.view(), by.keys, &rows)?;
        let entry = journal::log_about(tx, by.keys, subject, by.now_us, by.operation, by.caller, &detail)?;
        // Nothing else is written to that one's log in this transaction between the row and it.
        if entry.number == line {
            Ok(())
        } else {
            Err(AppError::internal(format!("a {what} names another entry than its own")))
        }
    }
}

/// Of each thing that entries behind `after` name under `what` in their detail, the last that does.
pub(crate) fn told(
    view: View<'_>,
    subject: &[u8; 16],
    mut after: i64,
    what: &str,
) -> Result<HashMap<String, i64>, AppError> {
    let mut told = HashMap::new();
    let named = format!("\"{what}\":");
    loop {
        let slice = view.log_of_subject(subject, after, SLICE)?;
        let Some(last) = slice.last() else { return Ok(told) };
        after = last.number;
        for entry in slice.iter().filter(|entry| entry.detail.contains(&named)) {
            let detail: Option<Value> = serde_json::from_str(&entry.detail).ok();
            if let Some(id) = detail.as_ref().and_then(|detail| detail[what].as_str()) {
                told.insert(id.to_owned(), entry.number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_row_that_changes_between_two_looks_is_read_again_and_one_that_stands_still_is_a_fault() {
        let mut lines = [(3, false), (5, false), (8, true)].into_iter();
        let found = newest_row("x", || Ok(lines.next().map(|(line, newest)| (line, line, newest))));
        assert_eq!((found.unwrap(), lines.next()), (Some(8), None));
        let older = newest_row("x", || Ok(Some(((), 3, false)))).unwrap_err();
        assert!(older.to_string().contains("older than the log says"), "{older}");
        let mut gone = [Some(((), 3, false)), None].into_iter();
        assert_eq!(newest_row("x", || Ok(gone.next().flatten())).unwrap(), None);
    }
}
