//! What an entry says of the rows that its act wrote or removed: table, key and a keyed digest of every column. Checking
//! holds the rows against it. Without it a row of a table that has no commitments of its own could be changed by hand.
//!
//! The digest is keyed, because a person gets the entries about themself whole, and could otherwise find out by trial what
//! stands in a column.

use chengxin_store::View;
use chengxin_store::audit::{
    CHANNELS, CODES, COMPLAINTS, CONSENT_CODES, CONSENT_USES, CONSENTS, Cell, FOLLOW_UPS, HELD, LOCKS, MANDATE_CODES,
    MANDATE_HOLDERS, MANDATES, MEMBERS, NAMES, NOTICES, PROCEEDING_FILES, PROCEEDING_NUMBERS, PROCEEDINGS,
    PUBLICATIONS, REFUSALS, REPORTS, SUBJECTS, Table,
};
use chengxin_tlog::{Column, Hash, TreeBuilder, TreeHash, commit};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::AppError;
use crate::keyring::Keyring;

/// Label of the digest of a row, with its format version.
const LABEL: &str = "chengxin/row/1";

/// The key's tag over what is hashed.
struct Keyed<'k>(&'k Keyring);

impl TreeHash for Keyed<'_> {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        self.0.code_tag("row", parts)
    }
}

/// Digest of a row as [`View::table_row`] gives it.
pub(super) fn digest(keys: &Keyring, table: &Table, row: &[Cell]) -> Hash {
    digest_of(keys, table.name, &row[table.unbound.min(row.len())..])
}

fn digest_of(keys: &Keyring, table: &str, cells: &[Cell]) -> Hash {
    let columns: Vec<_> = std::iter::once(Column::Text(table)).chain(cells.iter().map(Cell::column)).collect();
    commit(&Keyed(keys), LABEL, &[0; 16], &columns, &mut Vec::new())
}

/// Key of a row as entries write it: without the subject where it is the entry's own. A further name has none that lasts,
/// because its tag changes with the index key: its digest stands for it.
pub(super) fn key_text(table: &Table, row: &[Cell], digest: &Hash) -> String {
    if *table == NAMES { HEXLOWER.encode(digest) } else { lasting_key(table, row) }
}

fn lasting_key(table: &Table, row: &[Cell]) -> String {
    let own = usize::from(about_subject(table));
    row[own..table.keys].iter().map(ToString::to_string).collect::<Vec<_>>().join("/")
}

/// Tables whose key begins with a subject, and of whose rows the entries of that subject tell; the table of subjects itself apart.
pub(super) static OF_SUBJECT: [&Table; 18] = [
    &LOCKS,
    &REPORTS,
    &CODES,
    &NAMES,
    &CONSENTS,
    &CONSENT_USES,
    &CONSENT_CODES,
    &MANDATES,
    &MANDATE_HOLDERS,
    &MANDATE_CODES,
    &PROCEEDINGS,
    &PROCEEDING_FILES,
    &PROCEEDING_NUMBERS,
    &FOLLOW_UPS,
    &NOTICES,
    &CHANNELS,
    &COMPLAINTS,
    &PUBLICATIONS,
];

/// Is it one of them, or the table of subjects?
pub(super) fn about_subject(table: &Table) -> bool {
    *table == SUBJECTS || OF_SUBJECT.contains(&table)
}

/// What an entry says of rows, each by its key, as they stand in the transaction that writes it. `null` for a row that is
/// not there (any more).
///
/// # Errors
/// The store's; an internal fault for a further name that is not there: nothing is left that could stand for its key.
pub(crate) fn marks(view: View<'_>, keys: &Keyring, rows: &[(&'static Table, Vec<Cell>)]) -> Result<Value, AppError> {
    let mark = |(table, key): &(&'static Table, Vec<Cell>)| -> Result<Value, AppError> {
        match view.table_row(table, key)? {
            Some(row) => {
                let digest = digest(keys, table, &row);
                Ok(mark_of(table.name, &key_text(table, &row, &digest), Some(&digest)))
            }
            None if **table == NAMES => Err(AppError::internal("a further name that is not there has no key to log")),
            None => Ok(mark_of(table.name, &lasting_key(table, key), None)),
        }
    };
    rows.iter().map(mark).collect()
}

fn mark_of(table: &str, key: &str, digest: Option<&Hash>) -> Value {
    json!([table, key, digest.map(|digest| HEXLOWER.encode(digest))])
}

/// What the acceptance of a submission says of its rows in other tables: one root for all the refused, held and repeated
/// rows of each. `before` is the submission whose members these replace.
pub(crate) fn acceptance_marks(
    view: View<'_>,
    keys: &Keyring,
    submission: i64,
    before: Option<i64>,
) -> Result<Vec<Value>, AppError> {
    let mut marks = Vec::new();
    for table in [&REFUSALS, &HELD, &MEMBERS] {
        let root = root_of_rows(view, keys, table, submission)?;
        marks.push(mark_of(&root_name(table), &submission.to_string(), Some(&root)));
    }
    if let Some(before) = before {
        marks.push(mark_of(&root_name(&MEMBERS), &before.to_string(), None));
    }
    Ok(marks)
}

/// How entries name the root over all rows that a submission has in a table.
pub(super) fn root_name(table: &Table) -> String {
    format!("{}/*", table.name)
}

/// Root over the rows of a submission in a table, in the order of their keys. Of refused and held rows what later changes
/// by rule (their values are deleted, a clerk decides) is left out.
pub(super) fn root_of_rows(
    view: View<'_>,
    keys: &Keyring,
    table: &'static Table,
    submission: i64,
) -> Result<Hash, AppError> {
    let (mut tree, hash) = (TreeBuilder::default(), keys.hash());
    let push = |cells: &[Cell]| tree.push(&hash, &digest_of(keys, table.name, cells), &mut |_| {});
    if *table == REFUSALS {
        view.audit_refused(submission, push)?;
    } else if *table == HELD {
        view.audit_held(submission, push)?;
    } else {
        view.audit_members(submission, push)?;
    }
    Ok(tree.root(&hash))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::log::testing::installation;

    #[test]
    fn of_a_row_that_is_not_there_its_key_is_logged_and_a_name_without_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let installation = installation(&dir.path().join("data"));
        let (view, keys) = (installation.store.view(), &installation.keys);
        let key = || vec![Cell::from(&[7u8; 16]), Cell::from(&[8u8; 16])];
        let gone = marks(view, keys, &[(&LOCKS, key())]).unwrap();
        assert_eq!(gone, json!([["record_lock", "08".repeat(16), null]]));
        let refused = marks(view, keys, &[(&NAMES, key())]).unwrap_err();
        assert_eq!(refused.kind, crate::Kind::Internal);
    }
}
