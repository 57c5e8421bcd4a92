//! The register of erasures: one line each in a file beside the databases.
//!
//! A backup of the databases from before an erasure has the record back, and the key store's backup its keys. The
//! register is small and says nothing about anybody, so that it can be copied away after every erasure and put back, in
//! its newest copy, with whatever is restored: opening the installation then erases again.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;

use chengxin_core::Caller;
use chengxin_core::dates::from_days;
use chengxin_core::record::State;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::decision::Decision;
use super::erase::{Act, Afterwards, erase};
use crate::error::io;
use crate::{AppError, Installation, Kind};

/// Name of the register in the folder of the installation.
pub const REGISTER: &str = "erasures.jsonl";

/// One erasure. Holds random and keyed ids and a case number, nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    subject: String,
    record: String,
    case_no: String,
    decided_on: Date,
    subject_forgotten: bool,
}

impl Entry {
    pub(super) fn new(subject: &[u8; 16], record: &[u8; 16], decision: &Decision, subject_forgotten: bool) -> Self {
        Self {
            subject: HEXLOWER.encode(subject),
            record: HEXLOWER.encode(record),
            case_no: decision.case_no.clone(),
            decided_on: decision.decided_on,
            subject_forgotten,
        }
    }

    /// Subject and record.
    fn ids(&self) -> Option<([u8; 16], [u8; 16])> {
        let id = |text: &str| HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok();
        Some((id(&self.subject)?, id(&self.record)?))
    }
}

impl Installation {
    /// Adds a line, durably.
    pub(super) fn register_add(&self, entry: &Entry) -> Result<(), AppError> {
        let path = self.dir().join(REGISTER);
        let line = serde_json::to_string(entry).map_err(|error| AppError::internal(format!("{REGISTER}: {error}")))?;
        let write = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path)?;
            let mut text = Vec::new();
            file.read_to_end(&mut text)?;
            let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let torn = &text[whole..];
            // A power cut left half a line, which is registered again; or somebody's editor left out the last end.
            if serde_json::from_slice::<Entry>(torn).is_ok() {
                file.write_all(b"\n")?;
            } else if !torn.is_empty() {
                file.set_len(whole as u64)?;
            }
            file.write_all(format!("{line}\n").as_bytes())?;
            file.sync_all()
        };
        write().map_err(io(&path))
    }

    /// Erases again what the register has and the database has not, and registers what only the database has.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where the register is damaged: to pass over a line could bring an erased record back.
    pub(crate) fn repeat_registered_erasures(&mut self) -> Result<(), AppError> {
        let entries = self.register()?;
        for entry in &entries {
            self.repeat_erasure(entry)?;
        }
        let known: HashSet<_> = entries.iter().filter_map(Entry::ids).collect();
        for (_, subject, record) in self.store.view().erasures_since(0)? {
            if known.contains(&(subject, record)) {
                continue;
            }
            // The programme ended between the erasure and its line. The lock has the decision, unless a later one took
            // it off; then the record was decided anew, and there is nothing to repeat.
            let view = self.store.view();
            let Some(lock) = view.lock(&subject, &record)? else { continue };
            let decided_on = i32::try_from(lock.decided_on).ok().and_then(from_days).unwrap_or_else(|| self.today());
            let decision = Decision { case_no: lock.case_no, decided_on };
            let forgotten = view.subject_kind(&subject)?.is_none();
            self.register_add(&Entry::new(&subject, &record, &decision, forgotten))?;
        }
        Ok(())
    }

    fn register(&self) -> Result<Vec<Entry>, AppError> {
        let path = self.dir().join(REGISTER);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(&path)(error)),
        };
        let mut entries = Vec::new();
        for (number, line) in (1..).zip(text.split_inclusive(|byte| *byte == b'\n')) {
            match serde_json::from_slice::<Entry>(line) {
                Ok(entry) if entry.ids().is_some() => entries.push(entry),
                _ if line.trim_ascii().is_empty() => {}
                // A power cut while the last line was written: the database has that erasure.
                _ if !line.ends_with(b"\n") => {}
                _ => return Err(damaged(number)),
            }
        }
        Ok(entries)
    }

    fn repeat_erasure(&mut self, entry: &Entry) -> Result<(), AppError> {
        let Some((subject, record)) = entry.ids() else { return Ok(()) };
        let heads = self.store.view().versions_of_record(&subject, &record)?;
        let erased = State::Erased.as_i64();
        // Not in the database that was restored, or erased there, whatever a later decision has recorded since.
        if heads.is_empty() || heads.iter().any(|head| head.state == erased) {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let caller = Caller::operator("chengxin", "repeat an erasure after a restore");
        let decision = Decision { case_no: entry.case_no.clone(), decided_on: entry.decided_on };
        let afterwards = if entry.subject_forgotten { Afterwards::ForgetSubject } else { Afterwards::KeepLock };
        self.store.write("record_erase", |tx| -> Result<(), AppError> {
            let versions = tx.view().versions_of_subject(&subject)?;
            // Versions of an open submission do not count and have no tombstone; their salts go with the rest.
            if let Some(last) = versions.iter().rev().find(|version| version.row.record_id == record) {
                erase(tx, &Act { keys: &keys, now_us, caller: &caller, decision: &decision, afterwards }, &last.row)?;
            }
            Ok(())
        })
    }
}

fn damaged(line: usize) -> AppError {
    AppError::new(
        Kind::Unavailable,
        format!("删除登记 {REGISTER} 第 {line} 行已损坏；请放回最近的副本，否则已删除的记录可能恢复"),
        format!(
            "line {line} of the register of erasures {REGISTER} is damaged: put back its latest copy, lest what was erased come back"
        ),
    )
}
