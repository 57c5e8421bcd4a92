//! Tables read in slices, one row at a time, each in the order of subjects: so that they can be gone through side by side.

use chengxin_store::View;
use chengxin_store::audit::{Cell, Table};
use chengxin_store::log::LogRow;
use chengxin_store::record::VersionRow;

use super::engine;
use crate::AppError;

/// Entries in a slice.
const ENTRIES: i64 = 5_000;
/// Versions in a slice: they have bodies.
const VERSIONS: i64 = 2_000;

/// Reads the slice behind a row, or the first.
type Next<'v, T> = Box<dyn FnMut(Option<&T>) -> Result<Vec<T>, AppError> + 'v>;

/// Rows one by one.
pub(super) struct Stream<'v, T> {
    next: Next<'v, T>,
    rows: std::vec::IntoIter<T>,
    head: Option<T>,
    pub(super) read: u64,
}

impl<'v, T> Stream<'v, T> {
    fn new(mut next: Next<'v, T>) -> Result<Self, AppError> {
        let mut rows = next(None)?.into_iter();
        let head = rows.next();
        Ok(Self { next, rows, head, read: 0 })
    }

    pub(super) fn peek(&self) -> Option<&T> {
        self.head.as_ref()
    }

    /// The row at hand; the one behind it is read.
    pub(super) fn pop(&mut self) -> Result<Option<T>, AppError> {
        let Some(row) = self.head.take() else { return Ok(None) };
        self.read += 1;
        self.head = self.rows.next();
        if self.head.is_none() {
            self.rows = (self.next)(Some(&row))?.into_iter();
            self.head = self.rows.next();
        }
        Ok(Some(row))
    }
}

/// Entries chain by chain.
pub(super) fn entries(view: View<'_>) -> Result<Stream<'_, ([u8; 16], LogRow)>, AppError> {
    Stream::new(Box::new(move |after| {
        let (chain, number) = after.map_or(([0; 16], i64::MIN), |(chain, row)| (*chain, row.number));
        engine(view.log_walk(&chain, number, ENTRIES))
    }))
}

/// Versions by subject, record and number.
pub(super) fn versions(view: View<'_>) -> Result<Stream<'_, VersionRow>, AppError> {
    Stream::new(Box::new(move |after: Option<&VersionRow>| {
        let zero = ([0; 16], [0; 16], i64::MIN);
        let (subject, record, version) = after.map_or(zero, |row| (row.subject_id, row.record_id, row.version));
        engine(view.audit_versions(&subject, &record, version, VERSIONS))
    }))
}

/// Rows of a table in the order of its key.
pub(super) fn rows<'v>(view: View<'v>, table: &'static Table) -> Result<Stream<'v, Vec<Cell>>, AppError> {
    Stream::new(Box::new(move |after: Option<&Vec<Cell>>| engine(view.table_rows(table, after.map(Vec::as_slice)))))
}
