//! The register of erasures: one line each in a file beside the databases.
//!
//! A backup of the databases from before an erasure has the record back, and the key store's backup its keys. The
//! register is small and says nothing about anybody, so that it can be copied away after every erasure and put back, in
//! its newest copy, with whatever is restored: opening the installation then erases again.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use chengxin_core::Caller;
use chengxin_core::dates::from_days;
use chengxin_core::record::State;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::erase::{Act, ErasureKind, Ground, erase};
use super::forget::{FORGOTTEN, forget};
use crate::error::io;
use crate::{AppError, Installation, Kind};

/// Name of the register in the folder of the installation.
pub const REGISTER: &str = "erasures.jsonl";

/// More bytes than a line has: case numbers and clauses are bounded.
const LONGEST_LINE: u64 = 8192;

/// Name of the file that says how far register and database were compared: beside the register, since each machine has its own.
const COMPARED: &str = "erasures.compared";

/// How far register and database were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Compared {
    /// So many bytes of the register.
    bytes: usize,
    /// Up to this number in the database.
    number: i64,
    /// What those bytes hash to: a register that was put together anew is compared anew.
    hash: String,
}

/// One erasure. Holds random and keyed ids and a case number, nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    subject: String,
    record: String,
    case_no: String,
    decided_on: Date,
    subject_forgotten: bool,
    /// Kind of the lock; a decision, where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
}

impl Entry {
    pub(super) fn new(subject: &[u8; 16], record: &[u8; 16], ground: &Ground, subject_forgotten: bool) -> Self {
        Self {
            subject: HEXLOWER.encode(subject),
            record: HEXLOWER.encode(record),
            case_no: ground.case_no.clone(),
            decided_on: ground.decided_on,
            subject_forgotten,
            kind: Some(ground.kind.code().to_owned()).filter(|_| ground.kind != ErasureKind::Decision),
            clause: ground.clause.clone(),
        }
    }

    fn ground(&self) -> Ground {
        let kind = self.kind.as_deref().and_then(ErasureKind::from_code).unwrap_or(ErasureKind::Decision);
        Ground { kind, case_no: self.case_no.clone(), decided_on: self.decided_on, clause: self.clause.clone() }
    }

    /// Subject and record.
    fn ids(&self) -> Option<([u8; 16], [u8; 16])> {
        let id = |text: &str| HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok();
        Some((id(&self.subject)?, id(&self.record)?))
    }
}

impl Installation {
    /// Adds lines, durably.
    pub(super) fn register_add(&self, entries: &[Entry]) -> Result<(), AppError> {
        if entries.is_empty() {
            return Ok(());
        }
        let path = self.dir().join(REGISTER);
        let mut lines = String::new();
        for entry in entries {
            lines += &json(entry)?;
            lines.push('\n');
        }
        let write = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path)?;
            // Only its end: the register grows for ever.
            let length = file.metadata()?.len();
            let from = length.saturating_sub(LONGEST_LINE);
            file.seek(SeekFrom::Start(from))?;
            let mut text = Vec::new();
            file.read_to_end(&mut text)?;
            let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let torn = &text[whole..];
            // A power cut left half a line, which is registered again; or somebody's editor left out the last end.
            if serde_json::from_slice::<Entry>(torn).is_ok() {
                file.write_all(b"\n")?;
            } else if !torn.is_empty() {
                file.set_len(from + whole as u64)?;
            }
            file.write_all(lines.as_bytes())?;
            file.sync_all()
        };
        write().map_err(io(&path))
    }

    /// Erases again what the register has and the database has not, and registers what only the database has. What was compared before is not compared
    /// again, as long as the register begins with the same bytes and the database has no fewer erasures.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where the register is damaged: to pass over a line could bring an erased record back.
    pub(crate) fn repeat_registered_erasures(&mut self) -> Result<(), AppError> {
        let (text, last) = (self.register_text()?, self.store.view().erasure_last()?);
        let compared = self.register_compared().filter(|of| of.number <= last && self.begins_with(&text, of));
        if compared.as_ref().is_some_and(|of| of.bytes == text.len() && of.number == last) {
            return Ok(());
        }
        let (bytes, number) = compared.map_or((0, 0), |of| (of.bytes, of.number));
        let entries = lines(&text, bytes)?;
        for entry in &entries {
            self.repeat_erasure(entry)?;
        }
        let known: HashSet<_> = entries.iter().filter_map(Entry::ids).collect();
        let mut lacking = Vec::new();
        for (_, subject, record) in self.store.view().erasures_since(number)? {
            if !known.contains(&(subject, record)) {
                lacking.extend(self.line_of(&subject, &record)?);
            }
        }
        self.register_add(&lacking)?;
        let text = self.register_text()?;
        let compared = Compared {
            bytes: text.len(),
            number: self.store.view().erasure_last()?,
            hash: HEXLOWER.encode(&self.keys.profile().hash(&[&text])),
        };
        // Lost, it costs a comparison and nothing else.
        if let Err(error) = std::fs::write(self.dir().join(COMPARED), json(&compared)?) {
            tracing::warn!(%error, "how far the register of erasures was compared is not written down");
        }
        Ok(())
    }

    fn register_compared(&self) -> Option<Compared> {
        serde_json::from_slice(&std::fs::read(self.dir().join(COMPARED)).ok()?).ok()
    }

    /// Are these the bytes that were compared, whatever came behind them?
    fn begins_with(&self, text: &[u8], of: &Compared) -> bool {
        text.get(..of.bytes).is_some_and(|same| HEXLOWER.encode(&self.keys.profile().hash(&[same])) == of.hash)
    }

    /// The line of an erasure between which and its line the programme ended. The lock has what it was on, unless a later decision took it off; then
    /// the record was decided anew, and there is nothing to repeat.
    fn line_of(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<Entry>, AppError> {
        let view = self.store.view();
        let forgotten = view.subject_kind(subject)?.is_none();
        if *record == FORGOTTEN {
            let ground = Ground::by_law(ErasureKind::Retention, "", self.today());
            return Ok(Some(Entry::new(subject, record, &ground, true)));
        }
        let Some(lock) = view.lock(subject, record)? else { return Ok(None) };
        let decided_on = i32::try_from(lock.decided_on).ok().and_then(from_days).unwrap_or_else(|| self.today());
        let kind = ErasureKind::from_code(&lock.kind).unwrap_or(ErasureKind::Decision);
        let clause = Some(lock.case_no.clone()).filter(|_| kind != ErasureKind::Decision);
        let ground = Ground { kind, case_no: lock.case_no, decided_on, clause };
        Ok(Some(Entry::new(subject, record, &ground, forgotten)))
    }

    fn register_text(&self) -> Result<Vec<u8>, AppError> {
        let path = self.dir().join(REGISTER);
        match std::fs::read(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(io(&path)(error)),
        }
    }

    fn repeat_erasure(&mut self, entry: &Entry) -> Result<(), AppError> {
        let Some((subject, record)) = entry.ids() else { return Ok(()) };
        if record == FORGOTTEN {
            return self.repeat_forgetting(&subject);
        }
        let heads = self.store.view().versions_of_record(&subject, &record)?;
        let erased = State::Erased.as_i64();
        // Not in the database that was restored, or erased there, whatever a later decision has recorded since.
        if heads.is_empty() || heads.iter().any(|head| head.state == erased) {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let caller = Caller::operator("chengxin", "repeat an erasure after a restore");
        let ground = entry.ground();
        let asker = entry.subject_forgotten.then(|| self.asker(&subject)).transpose()?;
        self.store.write("record_erase", |tx| -> Result<(), AppError> {
            let versions = tx.view().versions_of_subject(&subject)?;
            // Versions of an open submission do not count and have no tombstone; their salts go with the rest.
            if let Some(last) = versions.iter().rev().find(|version| version.row.record_id == record) {
                let act = Act { keys: &keys, now_us, caller: &caller, ground: &ground, forget: asker.as_ref() };
                erase(tx, &act, &last.row)?;
            }
            Ok(())
        })
    }

    /// A subject that was forgotten without a record's being erased, and is back.
    fn repeat_forgetting(&mut self, subject: &[u8; 16]) -> Result<(), AppError> {
        if self.store.view().subject_kind(subject)?.is_none() {
            return Ok(());
        }
        let (now_us, keys, asker) = (self.now_us(), self.keys.clone(), self.asker(subject)?);
        let caller = Caller::operator("chengxin", "repeat an erasure after a restore");
        self.store.write("subject_forget", |tx| -> Result<(), AppError> {
            // What has come in since, or is open, stands in the way as it does for everybody.
            if asker.remains(tx.view(), subject)?.holders_beside_decision(asker.today).is_empty() {
                forget(tx, &keys, now_us, &caller, subject)?;
            }
            Ok(())
        })
    }
}

/// The lines of a register behind its first `after` bytes.
fn lines(text: &[u8], after: usize) -> Result<Vec<Entry>, AppError> {
    let (mut entries, mut at) = (Vec::new(), 0);
    for (number, line) in (1..).zip(text.split_inclusive(|byte| *byte == b'\n')) {
        at += line.len();
        if at <= after {
            continue;
        }
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

fn json(of: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(of).map_err(|error| AppError::internal(format!("{REGISTER}: {error}")))
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
