//! Erasure: the keys of a record's bodies are destroyed; what remains says that something was here and may not return.

use chengxin_core::record::{RecordId, State};
use chengxin_core::{Caller, dates};
use chengxin_store::audit::{ERASURES, LOCKS, PUBLICATIONS, SUBJECTS};
use chengxin_store::keys::{BodyAt, KeyTx};
use chengxin_store::lock::LockRow;
use chengxin_store::record::{Cause, VersionRow};
use chengxin_store::{Tx, View};
use jiff::civil::Date;
use serde_json::json;

use super::decision::{Decision, RecordRef, anchor, committed, find, next_version};
use super::forget::{Asker, later};
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
    /// Key, tags, number and name go too, where no other record of theirs is left and nothing open needs them. For a decision that leaves nothing to
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

/// Why something is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErasureKind {
    /// By a decision of the authority that determined it.
    Decision,
    /// The time for which it is kept is over.
    Retention,
    /// It rested on the subject's own wish, and they wish it no more.
    OwnWish,
}

impl ErasureKind {
    /// Kind of the lock and in the register.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Decision => "erasure",
            Self::Retention => "retention",
            Self::OwnWish => "own_wish",
        }
    }

    /// Reads [`Self::code`].
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Self::Decision, Self::Retention, Self::OwnWish].into_iter().find(|kind| kind.code() == code)
    }

    /// The operation in whose name the entry is written.
    fn operation(self) -> &'static str {
        match self {
            Self::Decision => "record_erase",
            Self::Retention => "record_expire",
            Self::OwnWish => "record_delete",
        }
    }
}

/// On what something is erased: what lock, register and entry say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ground {
    pub(super) kind: ErasureKind,
    /// Case number of a decision; the clause where there is none.
    pub(super) case_no: String,
    /// Day of the decision; the day itself where there is none.
    pub(super) decided_on: Date,
    /// `law#clause` that asks for it, where one is named.
    pub(super) clause: Option<String>,
}

impl Ground {
    /// A decision, and the clause that it names.
    pub(super) fn decided(decision: &Decision, clause: Option<&str>) -> Self {
        let (case_no, clause) = (decision.case_no.clone(), clause.map(str::to_owned));
        Self { kind: ErasureKind::Decision, case_no, decided_on: decision.decided_on, clause }
    }

    /// A clause, and no decision of anybody's.
    pub(super) fn by_law(kind: ErasureKind, clause: &str, today: Date) -> Self {
        Self { kind, case_no: clause.to_owned(), decided_on: today, clause: Some(clause.to_owned()) }
    }
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
        self.record_erase_on(caller, at, decision, None, afterwards)
    }

    /// The same where a law asks for it: the person reads the clause beside the decision.
    ///
    /// # Errors
    /// As [`Self::record_erase`]; [`crate::Kind::Invalid`] for a clause that the catalogue in use does not know.
    pub fn record_erase_on(
        &mut self,
        caller: &Caller,
        at: &RecordRef,
        decision: &Decision,
        clause: Option<&str>,
        afterwards: Afterwards,
    ) -> Result<Erased, AppError> {
        self.authorise(caller, "record_erase")?;
        decision.check(self.today())?;
        if clause.is_some_and(|clause| self.catalogue.clause(clause).is_none()) {
            return Err(AppError::invalid(
                "目录中没有所写的条款；写法为 法规#条款，例如 pipl#art-47",
                "the catalogue has no such clause: write law#clause, such as pipl#art-47",
            ));
        }
        let (tag, now_us, keys) = (self.decidable(caller, "record_erase", at)?, self.now_us(), self.keys.clone());
        let ground = Ground::decided(decision, clause);
        let known = self.store.view().subject_document(&tag)?.filter(|_| afterwards == Afterwards::ForgetSubject);
        let asker = known.map(|row| self.asker(&row.subject_id)).transpose()?;
        // The tombstone first: if this ends between the steps, opening the installation takes the others.
        let done = self.store.write("record_erase", |tx| -> Result<_, AppError> {
            let found = find(tx.view(), &tag, at, caller, "record_erase")?;
            let last = found.versions.last().map(|version| &version.row);
            let last = last.filter(|row| row.state != State::Erased.as_i64());
            let last = last.ok_or_else(|| AppError::conflict("该记录已删除", "the record is erased already"))?;
            let act = Act { keys: &keys, now_us, caller, ground: &ground, forget: asker.as_ref() };
            Ok((found.subject, erase(tx, &act, last)?))
        });
        let (subject, erased) =
            done.map_err(|refusal| self.unseen(caller, "record_erase", self.refused(caller, "record_erase", refusal)))?;
        self.register_add(&[Entry::new(&subject, &at.record.0, &ground, erased.subject_forgotten)])?;
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
        if self.destroy_keys_behind(settled)? {
            self.key_store.checkpoint()?;
        }
        Ok(())
    }

    /// The same without seeing to it that nothing lingers in the files of the key store: for whoever erases much, and does that once at the end. Was
    /// there anything?
    ///
    /// # Errors
    /// The store's.
    pub(super) fn destroy_keys_behind(&mut self, settled: i64) -> Result<bool, AppError> {
        // A number of its own: the salts alone are also replayed elsewhere, and that must not hide a subject's key.
        const REPLAYED: [&str; 2] = ["subjects_replayed", "erasures_replayed"];
        let mut done = settled;
        for name in REPLAYED {
            let number = self.key_store.meta(name)?.and_then(|v| v.parse().ok()).unwrap_or(0);
            done = done.min(number);
        }
        let last = self.store.view().erasure_last()?;
        // A main database from a backup numbers from there on; what the key store knows are other numbers then.
        let done = if done > last { 0 } else { done };
        let missing = self.store.view().erasures_since(done)?;
        if missing.is_empty() {
            return Ok(false);
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
        Ok(true)
    }
}

/// Who erases, when, on what.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) now_us: i64,
    pub(super) caller: &'a Caller,
    pub(super) ground: &'a Ground,
    /// Does the subject go too, where nothing but tombstones and lines holds them?
    pub(super) forget: Option<&'a Asker>,
}

/// Tombstone, lock, erasure and log entry of the record whose newest version is `last`.
pub(super) fn erase(tx: &Tx<'_>, act: &Act<'_>, last: &VersionRow) -> Result<Erased, AppError> {
    let Act { keys, now_us, caller, ground, forget } = *act;
    let (subject, record) = (&last.subject_id, &last.record_id);
    let version = next_version(tx.view(), subject, record)?;
    let tombstone = committed(keys, tombstone(last, version));
    tx.version_add(&tombstone)?;
    let lock = LockRow {
        kind: ground.kind.code().to_owned(),
        case_no: ground.case_no.clone(),
        decided_on: i64::from(dates::to_days(ground.decided_on)),
        digest: [0; 16],
    };
    tx.lock_set(subject, record, &lock, &caller.actor, now_us)?;
    let number = tx.erasure_add(subject, record, &ground.case_no, now_us)?;
    let forget = match forget {
        Some(asker) => asker.remains(tx.view(), subject)?.holders_beside_decision(asker.today).is_empty(),
        None => false,
    };
    if forget {
        tx.subject_forget(subject)?;
    } else {
        // Nothing may be left now that holds their key.
        later(tx, keys, subject, dates::shanghai_date(now_us).tomorrow().unwrap_or(Date::MAX))?;
    }
    let was_published = tx.publication_remove(subject, record)?;
    let mut rows = vec![(&LOCKS, vec![subject.into(), record.into()]), (&ERASURES, vec![number.into()])];
    if forget {
        rows.push((&SUBJECTS, vec![subject.into()]));
    }
    if was_published {
        rows.push((&PUBLICATIONS, vec![subject.into(), record.into()]));
    }
    let rows = marks(tx.view(), keys, &rows)?;
    let case_no = Some(&ground.case_no).filter(|_| ground.kind == ErasureKind::Decision);
    let detail = json!({
        "record": RecordId(*record).hex(), "versions": [anchor(&tombstone)], "case_no": case_no, "clause": ground.clause,
        "decided_on": ground.decided_on, "subject_forgotten": forget, "rows": rows,
    });
    journal::log_about(tx, keys, subject, now_us, ground.kind.operation(), caller, &detail)?;
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
