//! Checking the whole log against the whole database: what somebody changed by hand is found, and where.
//!
//! It goes through the database once in each of a few orders, in slices, over one state of it, whoever writes beside it.
//! Memory does not grow with records, persons or entries; it grows with submissions, decisions of clerks and what else an
//! installation has by thousands.
//!
//! | table | held against |
//! | --- | --- |
//! | `log_entry` | its own columns, the entry before it in its chain, its leaf |
//! | `log_leaf` | its entry; gaps, doubles, order of time |
//! | `log_tile`, `log_head` | the tree made anew from the leaves; the signature; the outside checkpoint |
//! | `log_hidden` | the hidden entry, which says whom it concerns, and the line that reveals it |
//! | `version` | its own columns; root, commitment or line that anchors it; and every anchor has its version |
//! | `submission_tile` | the tree made anew from the versions, whose root the entry of the acceptance names |
//! | `submission`, `erasure`, `authority`, `clause_confirmation`, `catalogue_version`, `layout`, `column_mapping`, `installation`, `log_witness`, `submission_figure`, `check_count` | the digest of the row in the entry that wrote it last ([`super::rows`]) |
//! | `record_lock`, `report`, `report_code`, `subject_name` | the same, in the log of the subject |
//! | `submission_member`, `refusal`, `held` | the root over a submission's rows in the entry of its acceptance; decided held rows by their digest |
//! | `subject` | the versions about it, or the digest in the entry that made it |
//! | `subject_document` | its own seal under the subject's key: number and name give the tags; every subject has one |
//!
//! Not held against the log, because nothing that is shown follows from them: `submission_chunk` (how far an import came, of use
//! only until it is accepted), `source_seen` (which later row of a file counts as newer; only that its submission exists is
//! checked), the setting `catalogue_under_way` (how far a change of the catalogue came), `log_head.epoch` and `log_head.cosigned` beyond
//! its signature, and `log_witness.size` (how far a witness came, which the witness itself knows).

mod chains;
mod documents;
mod fold;
mod leaves;
mod stream;
mod submissions;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chengxin_core::{Caller, Say};
use chengxin_store::{KeyStore, ReadStore, StoreError, View};
use serde::Serialize;

use crate::keyring::Keyring;
use crate::{AppError, Installation, Mode};
use fold::Known;

/// Most findings that are listed; a database that somebody rewrote would have one for each row.
const LISTED: usize = 1_000;

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Table.
    pub table: &'static str,
    /// Key of the row: its columns, with a slash between them, ids in hexadecimal.
    pub key: String,
    /// What is wrong.
    pub what: Say,
    /// Where to look.
    pub look: Say,
}

/// What checking came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Name of the log.
    pub origin: String,
    /// Leaves under the signed head.
    pub leaves: u64,
    /// Entries.
    pub entries: u64,
    /// Versions of records.
    pub versions: u64,
    /// Entries that wait for their place, or whose place is under no head yet.
    pub waiting: u64,
    /// Versions of submissions that are not accepted yet, which nothing anchors so far.
    pub open: u64,
    /// Leaves of the outside checkpoint that the log goes on from.
    pub since: Option<u64>,
    /// What does not fit, in the order in which it was found.
    pub findings: Vec<Finding>,
    /// Further findings, not listed.
    pub further: u64,
}

impl Verified {
    /// Does everything fit?
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty() && self.further == 0
    }

    fn add(&mut self, table: &'static str, key: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.push(table, key.into(), Say::new(zh, en), look(table));
    }

    fn push(&mut self, table: &'static str, key: String, what: Say, look: Say) {
        if self.findings.len() < LISTED {
            self.findings.push(Finding { table, key, what, look });
        } else {
            self.further += 1;
        }
    }
}

/// Where somebody who mends it looks first.
fn look(table: &str) -> Say {
    let backup = |zh: &str, en: &str| {
        Say::new(
            format!("与最近一次核验通过的备份比对{zh}；数据库的写入权限与主机的登录记录"),
            format!(
                "compare {en} with the latest backup that verified; see who could write to the database and log in then"
            ),
        )
    };
    match table {
        "log_leaf" | "log_tile" | "log_head" => Say::new(
            "与已发布的检查点、瓦片或见证方保存的副本比对；最近是否恢复过备份",
            "compare with the published checkpoint and tiles, or a witness's; look whether a backup was restored lately",
        ),
        "subject_document" | "subject_name" | "subject" => {
            backup("该主体的证件与姓名", "the subject's documents and names")
        }
        _ => backup("该行", "the row"),
    }
}

/// One check under way.
struct Check<'c> {
    view: View<'c>,
    keys: &'c Keyring,
    key_store: &'c KeyStore,
    synthetic: bool,
    out: Verified,
    known: Known,
}

impl Check<'_> {
    /// A column held what none of ours ever does: found, and the rest of that walk given up.
    fn unreadable<T>(
        &mut self,
        table: &'static str,
        after: &str,
        read: Result<T, AppError>,
    ) -> Result<Option<T>, AppError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error) if is_unreadable(&error) => {
                self.out.add(
                    table,
                    format!("> {after}"),
                    format!("此键之后有一行含有本程序不会写入的值（{}），其后的行未能核验", error.private),
                    format!("a row behind this key holds what the programme never writes ({}); the rows behind it were not checked", error.private),
                );
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Does an error say that a column held what none of ours ever does?
fn is_unreadable(error: &AppError) -> bool {
    error.private.starts_with("unexpected value in ")
}

/// As the error that [`Check::unreadable`] knows.
fn engine<T>(read: Result<T, StoreError>) -> Result<T, AppError> {
    read.map_err(AppError::from)
}

/// What could be read, `None` for a column that held what none of ours ever does.
fn readable<T>(read: Result<T, StoreError>) -> Result<Option<T>, AppError> {
    match engine(read) {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_unreadable(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Installation {
    /// Checks the whole log against the whole database. With `since`, a signed checkpoint that was kept outside, also that the log
    /// goes on from it: a tail that was cut off, and a log that was rewritten, show only against something that lies elsewhere.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`crate::Kind::Invalid`] where `since` is no checkpoint; [`crate::Kind::Conflict`] where no key of
    /// this installation signed it; the store's. What does not fit is no error but a finding.
    pub fn log_verify(&self, caller: &Caller, since: Option<&str>) -> Result<Verified, AppError> {
        self.authorise(caller, "log_verify")?;
        let verified = self.verified(since)?;
        self.note_check(verified.is_whole());
        Ok(verified)
    }

    /// The same for whoever has asked already.
    pub(crate) fn verified(&self, since: Option<&str>) -> Result<Verified, AppError> {
        let store = ReadStore::open_unhurried(self.database())?;
        store.freeze()?;
        // The keys are opened behind the frozen state: a key that an erasure takes meanwhile is looked for once more.
        let key_store = KeyStore::open(&self.places().keys)?;
        let mut check = Check {
            view: store.view(),
            keys: &self.keys,
            key_store: &key_store,
            synthetic: self.mode() == Mode::Synthetic,
            out: Verified::default(),
            known: Known::default(),
        };
        let since = since.map(|note| check.outside(self.base_url(), note)).transpose()?;
        check.hidden()?;
        check.chains()?;
        check.hidden_rows();
        check.leaves(self.base_url(), since)?;
        check.submissions()?;
        check.tables()?;
        check.documents(self)?;
        Ok(check.out)
    }
}

/// Digests that entries claim, by table and key.
type Claims = BTreeMap<(String, String), Option<String>>;
