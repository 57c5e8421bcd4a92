//! The end of a file: what contradicts itself is taken out again, then the whole is accepted in one transaction.

use std::collections::{BTreeMap, HashSet};

use chengxin_core::refusal::{Fault, HeldReason, Reason};
use chengxin_seal::AeadKey;
use chengxin_store::Tx;
use chengxin_store::record::OwnVersion;
use chengxin_store::refusal::RefusalRow;
use chengxin_store::submission::Member;

use super::collect::Harvest;
use super::ledger::{Contradiction, Ledger, Mark};
use super::load::{Frame, HELD_DAYS, REFUSED_DAYS, seal_row};
use super::quality::{Counts, Tally};
use crate::AppError;
use crate::keyring::body_aad;

/// How a row was counted when it was resolved.
pub(super) mod outcome {
    pub(in super::super) const UNKNOWN: u8 = 0;
    pub(in super::super) const NEW: u8 = 1;
    pub(in super::super) const CHANGED: u8 = 2;
    pub(in super::super) const WITHDRAWN: u8 = 3;
    pub(in super::super) const UNCHANGED: u8 = 4;
    pub(in super::super) const REPEATED: u8 = 5;
    pub(in super::super) const HELD: u8 = 6;
    pub(in super::super) const REFUSED: u8 = 7;
    /// Added where the version waits for release.
    pub(in super::super) const WAITS: u8 = 0x10;

    /// Did the row write a version?
    pub(in super::super) fn is_write(outcome: u8) -> bool {
        matches!(outcome & 0xf, NEW | CHANGED | WITHDRAWN)
    }
}

/// What settling found, beside corrected counts.
pub(super) struct Settled {
    /// The records in the file, sorted.
    pub(super) members: Vec<Member>,
    /// Subject, record, version and leaf of versions taken out again: their salts are destroyed after the transaction.
    pub(super) orphans: Vec<([u8; 16], [u8; 16], i64, i64)>,
    /// Subjects taken out again.
    pub(super) gone: Vec<[u8; 16]>,
    /// Was anything taken out of what was written?
    pub(super) changed: bool,
}

/// What the ledger says of the whole file. Found before the transaction that acts on it: sorting a million marks holds up
/// nobody else's writing.
pub(super) struct Balance {
    members: Vec<Member>,
    found: Vec<Contradiction>,
}

impl Balance {
    /// Goes through the ledger.
    pub(super) fn of(ledger: Ledger) -> Result<Self, AppError> {
        // At its full size at once: growing would hold it twice.
        let (mut members, mut found) = (Vec::with_capacity(ledger.rows()), Vec::new());
        ledger.settle(
            |member| members.push(member),
            |contradiction| {
                found.push(contradiction);
                Ok(())
            },
        )?;
        members.sort_unstable();
        members.dedup_by_key(|member| member.fingerprint());
        Ok(Self { members, found })
    }
}

/// How the file's own contradictions are undone: in a dry run only in the counts.
pub(super) struct Settling<'a, 'b> {
    pub(super) tx: Option<(&'a Tx<'b>, Frame<'a>, &'a AeadKey, &'a dyn Unsealer)>,
    pub(super) tally: &'a mut Tally,
    pub(super) refused: &'a mut BTreeMap<u64, Vec<Fault>>,
    pub(super) held: &'a mut BTreeMap<u64, HeldReason>,
    /// Does a tag lead to a subject that was here before this file?
    pub(super) known_before: &'a dyn Fn(&[u8; 16]) -> Result<bool, AppError>,
    decided: HashSet<u64>,
    settled: Settled,
}

/// A subject and what this submission wrote about it.
type Own = ([u8; 16], Vec<OwnVersion>);

/// Opens the body of a version that this submission wrote.
pub(super) trait Unsealer {
    /// The values.
    fn open(&self, subject: &[u8; 16], version: &OwnVersion, aad: &[u8]) -> Result<Vec<u8>, AppError>;
}

impl<'a, 'b> Settling<'a, 'b> {
    pub(super) fn new(
        tx: Option<(&'a Tx<'b>, Frame<'a>, &'a AeadKey, &'a dyn Unsealer)>,
        harvest: &'a mut Harvest,
        known_before: &'a dyn Fn(&[u8; 16]) -> Result<bool, AppError>,
    ) -> Self {
        let Harvest { tally, refused, held, .. } = harvest;
        let settled = Settled { members: Vec::new(), orphans: Vec::new(), gone: Vec::new(), changed: false };
        Self { tx, tally, refused, held, known_before, decided: HashSet::new(), settled }
    }

    /// Undoes what the ledger found.
    pub(super) fn run(mut self, balance: Balance) -> Result<Settled, AppError> {
        for contradiction in &balance.found {
            match contradiction {
                Contradiction::Names(marks) => self.names(marks)?,
                Contradiction::Contents(marks) => self.contents(marks)?,
                Contradiction::Doubles(marks) => self.doubles(marks),
            }
        }
        self.settled.members = balance.members;
        Ok(self.settled)
    }

    /// One number, several names, and nobody knew it before: the first comer's spelling does not win. All are held.
    fn names(&mut self, marks: &[Mark]) -> Result<(), AppError> {
        let tag = marks[0].tag;
        if (self.known_before)(&tag)? {
            // Rows whose name disagrees with the one on file were held when they were read.
            return Ok(());
        }
        let own = self.own_versions(&tag)?;
        for mark in marks {
            let outcome = self.outcome(mark, &own);
            if !outcome::is_write(outcome) && outcome & 0xf != outcome::REPEATED {
                continue;
            }
            self.decided.insert(mark.row);
            uncount(&mut self.tally.counts, outcome);
            self.tally.counts.held += 1;
            self.held.insert(mark.row, HeldReason::NameDisagrees);
        }
        let (Some((tx, frame, row_key, unsealer)), Some((subject, versions))) = (&self.tx, &own) else { return Ok(()) };
        for version in versions {
            let values = unsealer.open(subject, version, &body_aad(subject, &version.record_id, version.version))?;
            let sealed = seal_row(row_key, frame.submission, version.row_no as u64, &values);
            let (row, reason) = (version.row_no, HeldReason::NameDisagrees.code());
            tx.held_add(frame.submission, row, reason, &sealed, frame.layout_id, frame.today + HELD_DAYS)?;
            tx.version_remove(subject, &version.record_id, frame.submission)?;
            self.settled.orphans.push((*subject, version.record_id, version.version, version.leaf));
        }
        if !tx.view().subject_has_versions(subject)? {
            tx.subject_remove(subject, &tag)?;
            self.settled.gone.push(*subject);
        }
        self.settled.changed = true;
        Ok(())
    }

    /// One record, several contents: all are refused.
    fn contents(&mut self, marks: &[Mark]) -> Result<(), AppError> {
        let own = self.own_versions(&marks[0].tag)?;
        for mark in marks {
            let outcome = self.outcome(mark, &own);
            if self.decided.contains(&mark.row) || matches!(outcome & 0xf, outcome::HELD | outcome::REFUSED) {
                continue;
            }
            let other = marks.iter().find(|m| m.digest != mark.digest).map_or(mark.row, |m| m.row);
            let faults = vec![Fault { field: None, reason: Reason::ConflictInFile { other_row: other } }];
            uncount(&mut self.tally.counts, outcome);
            self.tally.counts.refused += 1;
            *self.tally.faults.entry("-1/conflict_in_file".to_owned()).or_default() += 1;
            if let Some((tx, frame, row_key, unsealer)) = &self.tx {
                let version =
                    own.as_ref().and_then(|(s, v)| Some((s, v.iter().find(|v| v.row_no == mark.row as i64)?)));
                let sealed = match version {
                    Some((subject, version)) if version.body_version == version.version => {
                        let aad = body_aad(subject, &version.record_id, version.version);
                        let values = unsealer.open(subject, version, &aad)?;
                        Some(seal_row(row_key, frame.submission, mark.row, &values))
                    }
                    _ => None,
                };
                let text = serde_json::to_string(&faults).map_err(|e| AppError::internal(e.to_string()))?;
                let refusal = RefusalRow { row_no: mark.row as i64, faults: text, sealed };
                tx.refusal_add(frame.submission, &refusal, frame.today + REFUSED_DAYS)?;
                if let Some((subject, version)) = version {
                    tx.version_remove(subject, &version.record_id, frame.submission)?;
                    self.settled.orphans.push((*subject, version.record_id, version.version, version.leaf));
                    if !tx.view().subject_has_versions(subject)? {
                        tx.subject_remove(subject, &mark.tag)?;
                        self.settled.gone.push(*subject);
                    }
                    self.settled.changed = true;
                }
            }
            self.refused.insert(mark.row, faults);
        }
        Ok(())
    }

    fn doubles(&mut self, marks: &[Mark]) {
        for mark in marks.iter().filter(|m| outcome::is_write(m.outcome)).skip(1) {
            uncount(&mut self.tally.counts, mark.outcome);
            self.tally.counts.repeated += 1;
        }
    }

    /// What this submission wrote about the subject of a tag.
    fn own_versions(&self, tag: &[u8; 16]) -> Result<Option<Own>, AppError> {
        let Some((tx, frame, ..)) = &self.tx else { return Ok(None) };
        let Some(document) = tx.view().subject_document(tag)? else { return Ok(None) };
        let versions = tx.view().versions_of_submission(&document.subject_id, frame.submission)?;
        Ok(Some((document.subject_id, versions)))
    }

    /// How a row was counted. Of rows that an earlier, interrupted run settled, the database tells.
    fn outcome(&self, mark: &Mark, own: &Option<Own>) -> u8 {
        if mark.outcome != outcome::UNKNOWN {
            return mark.outcome;
        }
        let version = own.as_ref().and_then(|(_, versions)| versions.iter().find(|v| v.row_no == mark.row as i64));
        let Some(version) = version else { return outcome::REPEATED };
        let waits = if version.needs_release { outcome::WAITS } else { 0 };
        match (version.version, version.body_version == version.version) {
            (1, _) => outcome::NEW | waits,
            (_, true) => outcome::CHANGED | waits,
            (_, false) => outcome::WITHDRAWN | waits,
        }
    }
}

fn uncount(counts: &mut Counts, outcome: u8) {
    let counter = match outcome & 0xf {
        outcome::NEW => &mut counts.new,
        outcome::CHANGED => &mut counts.changed,
        outcome::WITHDRAWN => &mut counts.withdrawn,
        outcome::UNCHANGED => &mut counts.unchanged,
        outcome::REPEATED => &mut counts.repeated,
        _ => return,
    };
    *counter = counter.saturating_sub(1);
    if outcome & outcome::WAITS != 0 {
        counts.awaiting_release = counts.awaiting_release.saturating_sub(1);
    }
}
