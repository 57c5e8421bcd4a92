//! Erasure: the keys of a record's bodies are destroyed; what remains says that something was here and may not return.

use chengxin_core::record::{RecordId, State};
use chengxin_core::{Caller, dates};
use chengxin_store::audit::{ERASURES, LOCKS, SUBJECTS};
use chengxin_store::keys::{BodyAt, KeyTx};
use chengxin_store::lock::LockRow;
use chengxin_store::record::{Cause, VersionRow};
use chengxin_store::{Tx, View};
use serde_json::json;

use super::decision::{Decision, RecordRef, anchor, committed, find, next_version};
use super::register::Entry;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Installation, journal};

/// What becomes of a subject about whom nothing readable is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// The tag of their number stays, and number and name stay sealed: without them the lock could not tell that a
    /// resent row is the erased one.
    KeepLock,
    /// Key, tags, number and name go too, where no other record of theirs is left. For a decision that leaves nothing to
    /// guard against: a row sent again would be recorded as new.
    ForgetSubject,
}

/// What an erasure did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Running number of the erasure.
    pub number: i64,
    /// Number of the tombstone's version.
    pub version: i64,
    /// Did the subject's key, tags and number go too?
    pub subject_forgotten: bool,
}

impl Installation {
    /// Erases a record: its bodies can never be read again, in this database, its copies or its backups, once the backups
    /// of the key store have been overwritten. Columns and commitments remain, so the log still verifies; the record is
    /// locked.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for what is not the caller's authority's; [`crate::Kind::Conflict`] where it is erased
    /// already; [`crate::Kind::Invalid`] for a decision without number or of the future.
    ///
    /// # Source
    /// 个人信息保护法 art. 47; the lock is a house rule.
    pub fn record_erase(
        &mut self,
        caller: &Caller,
        at: &RecordRef,
        decision: &Decision,
        afterwards: Afterwards,
    ) -> Result<Erased, AppError> {
        self.authorise(caller, "record_erase")?;
        decision.check(self.today())?;
        let (tag, now_us, keys) = (self.decidable(caller, "record_erase", at)?, self.now_us(), self.keys.clone());
        // The tombstone first: if this ends between the steps, opening the installation takes the others.
        let done = self.store.write("record_erase", |tx| -> Result<_, AppError> {
            let found = find(tx.view(), &tag, at, caller, "record_erase")?;
            let last = found.versions.last().map(|version| &version.row);
            let last = last.filter(|row| row.state != State::Erased.as_i64());
            let last = last.ok_or_else(|| AppError::conflict("该记录已删除", "the record is erased already"))?;
            let act = Act { keys: &keys, now_us, caller, decision, afterwards };
            Ok((found.subject, erase(tx, &act, last)?))
        });
        let (subject, erased) =
            done.map_err(|refusal| self.unseen(caller, "record_erase", self.refused(caller, "record_erase", refusal)))?;
        self.register_add(&Entry::new(&subject, &at.record.0, decision, erased.subject_forgotten))?;
        self.destroy_erased_keys(erased.number - 1)?;
        Ok(erased)
    }

    /// Destroys in the key store whatever the main database says is erased: after an erasure, after an interruption, and
    /// after a restore of either store from a backup. `settled` is the number of the last erasure that the caller knows to
    /// be done, [`i64::MAX`] for what the key store says. Every step may be repeated.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn destroy_erased_keys(&mut self, settled: i64) -> Result<(), AppError> {
        // A number of its own: the salts alone are also replayed elsewhere, and that must not hide a subject's key.
        const REPLAYED: [&str; 2] = ["subjects_replayed", "erasures_replayed"];
        let mut done = settled;
        for name in REPLAYED {
            let number = self.key_store.meta(name)?.and_then(|v| v.parse().ok()).unwrap_or(0);
            done = done.min(number);
        }
        let all = self.store.view().erasures_since(0)?;
        let Some((last, ..)) = all.last().copied() else { return Ok(()) };
        // A main database from a backup numbers from there on; what the key store knows are other numbers then.
        let done = if done > last { 0 } else { done };
        let missing: Vec<_> = all.into_iter().filter(|(number, ..)| *number > done).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let view = self.store.view();
        self.key_store.write(|tx| -> Result<(), AppError> {
            for (_, subject, record) in &missing {
                destroy_salts(view, tx, subject, record)?;
                if view.subject_kind(subject)?.is_none() {
                    tx.subject_key_remove(subject)?;
                }
            }
            REPLAYED.into_iter().try_for_each(|name| Ok(tx.set_meta(name, &last.to_string())?))
        })?;
        Ok(self.key_store.checkpoint()?)
    }
}

/// Who erases, when, on which decision.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) now_us: i64,
    pub(super) caller: &'a Caller,
    pub(super) decision: &'a Decision,
    pub(super) afterwards: Afterwards,
}

/// Tombstone, lock, erasure and log entry of the record whose newest version is `last`.
pub(super) fn erase(tx: &Tx<'_>, act: &Act<'_>, last: &VersionRow) -> Result<Erased, AppError> {
    let Act { keys, now_us, caller, decision, afterwards } = *act;
    let (subject, record) = (&last.subject_id, &last.record_id);
    let version = next_version(tx.view(), subject, record)?;
    let tombstone = committed(keys, tombstone(last, version));
    tx.version_add(&tombstone)?;
    let lock = LockRow {
        kind: "erasure".to_owned(),
        case_no: decision.case_no.clone(),
        decided_on: i64::from(dates::to_days(decision.decided_on)),
        digest: [0; 16],
    };
    tx.lock_set(subject, record, &lock, &caller.actor, now_us)?;
    let number = tx.erasure_add(subject, record, &decision.case_no, now_us)?;
    let forget = afterwards == Afterwards::ForgetSubject && nothing_left(tx.view(), subject)?;
    if forget {
        tx.subject_forget(subject)?;
    }
    let mut rows = vec![(&LOCKS, vec![subject.into(), record.into()]), (&ERASURES, vec![number.into()])];
    if forget {
        rows.push((&SUBJECTS, vec![subject.into()]));
    }
    let rows = marks(tx.view(), keys, &rows)?;
    let detail = json!({
        "record": RecordId(*record).hex(), "versions": [anchor(&tombstone)], "case_no": decision.case_no,
        "decided_on": decision.decided_on, "subject_forgotten": forget, "rows": rows,
    });
    journal::log_about(tx, keys, subject, now_us, "record_erase", caller, &detail)?;
    Ok(Erased { number, version, subject_forgotten: forget })
}

/// Destroys the salts of what was erased. A record that a new decision reopened afterwards has versions behind its
/// tombstone; theirs stay.
fn destroy_salts(view: View<'_>, tx: &KeyTx<'_>, subject: &[u8; 16], record: &[u8; 16]) -> Result<(), AppError> {
    let heads = view.versions_of_record(subject, record)?;
    let tombstone = heads.iter().rposition(|head| head.state == State::Erased.as_i64()).unwrap_or(0);
    for head in &heads[..tombstone] {
        let (version, submission, leaf) = (head.version, head.submission_id, head.leaf);
        tx.body_salt_remove(&BodyAt { subject, record, version, submission, leaf })?;
    }
    Ok(())
}

/// The version that says: here was a record.
fn tombstone(last: &VersionRow, version: i64) -> VersionRow {
    VersionRow {
        version,
        cause: Cause::Erasure as i64,
        submission_id: 0,
        leaf: 0,
        row_no: 0,
        state: State::Erased.as_i64(),
        needs_release: 0,
        source_time: None,
        digest: [0; 16],
        body: Vec::new(),
        ..last.clone()
    }
}

/// Is every record about the subject erased, those of open submissions included?
fn nothing_left(view: View<'_>, subject: &[u8; 16]) -> Result<bool, AppError> {
    const SLICE: i64 = 64;
    let mut after = [0; 16];
    loop {
        let slice = view.records_walk(subject, &after, SLICE)?;
        let own: Vec<_> = slice.iter().filter(|(of, ..)| of == subject).collect();
        for (_, record, _) in &own {
            let heads = view.versions_of_record(subject, record)?;
            if heads.last().is_some_and(|head| head.state != State::Erased.as_i64()) {
                return Ok(false);
            }
            after = *record;
        }
        if own.len() < SLICE as usize {
            return Ok(true);
        }
    }
}
