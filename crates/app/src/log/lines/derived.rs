//! Lines that follow from entries of the installation: submissions, their release, changes of the catalogue.
//!
//! A submission of a million rows is one entry. A line for each of its people in each of their chains would double what an
//! import writes; instead a person's list says what their own versions say: by which submission, when, from whom. Of
//! the installation's entry it tells time, authority, role, purpose and ground, and its number.

use std::collections::BTreeMap;

use chengxin_core::Say;
use chengxin_core::operation_words::act;
use chengxin_core::record::RecordId;
use chengxin_store::View;
use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_store::record::{Cause, StoredVersion};
use chengxin_store::submission::SubmissionRow;
use serde_json::Value;

use super::compose::{Desk, parsed};
use super::{LineChain, Said, Stated, local};
use crate::AppError;
use crate::keyring::Keyring;
use crate::record::version_commitment;

/// Entries of the installation looked through at once.
const SLICE: i64 = 256;

/// Adds the lines that follow from the versions of a subject, and says where a version is not what was written.
pub(super) fn add(
    said: &mut Said,
    desk: &Desk<'_>,
    view: View<'_>,
    keys: &Keyring,
    chain: LineChain,
    versions: &[StoredVersion],
) -> Result<(), AppError> {
    let shown = || versions.iter().filter(|version| !version.awaits_release);
    for version in shown() {
        if version_commitment(keys, &version.row, &mut Vec::new()) != version.row.commitment {
            said.broken(Some(altered(&version.row.record_id, version.row.version)));
        }
    }
    let mut submissions: BTreeMap<(i64, &str), Brought> = BTreeMap::new();
    let mut recomputed: BTreeMap<i64, Vec<RecordId>> = BTreeMap::new();
    for StoredVersion { row, .. } in shown() {
        let record = RecordId(row.record_id);
        if row.submission_id != 0 {
            let what = if row.cause == Cause::Withdrawal as i64 { "withdrawal" } else { changed(row.version) };
            let brought = submissions.entry((row.submission_id, what)).or_default();
            brought.records.push(record);
            if row.needs_release == 1 {
                brought.released.push(record);
            }
        } else if row.cause == Cause::Catalogue as i64 {
            recomputed.entry(row.row_no).or_default().push(record);
        }
    }
    for ((id, what), brought) in submissions {
        let missing = || AppError::internal("the submission of a version is missing");
        let submission = view.submission(id)?.ok_or_else(missing)?;
        let told = [
            ("submission_import", what, submission.accepted_at_us, &brought.records),
            ("submission_release", "", submission.released_at_us, &brought.released),
        ];
        for (operation, what, at_us, records) in told {
            let Some(at_us) = at_us.filter(|_| !records.is_empty()) else { continue };
            let entry = entry_of(view, operation, at_us, id)?;
            line(said, desk, chain, entry, &Told { operation, what, at_us, records, submission: Some(&submission) });
        }
    }
    for (number, records) in recomputed {
        let entry = view.log_entry(&INSTALLATION, number)?.filter(|entry| entry.operation == "catalogue_apply");
        let at_us = entry.as_ref().map_or(0, |entry| entry.at_us);
        line(
            said,
            desk,
            chain,
            entry,
            &Told { operation: "catalogue_apply", what: "", at_us, records: &records, submission: None },
        );
    }
    Ok(())
}

/// A first version is a new record, every other a change.
fn changed(version: i64) -> &'static str {
    if version > 1 { "changed" } else { "" }
}

/// What a submission brought about the subject.
#[derive(Default)]
struct Brought {
    records: Vec<RecordId>,
    /// Of these, what a second officer released.
    released: Vec<RecordId>,
}

/// What is told of an entry of the installation.
struct Told<'a> {
    operation: &'static str,
    /// Which of the operation's sentences says what it did.
    what: &'a str,
    at_us: i64,
    records: &'a [RecordId],
    submission: Option<&'a SubmissionRow>,
}

fn line(said: &mut Said, desk: &Desk<'_>, chain: LineChain, entry: Option<LogRow>, told: &Told<'_>) {
    let Some(entry) = entry else {
        said.broken(Some(unanchored(told)));
        return;
    };
    let mut line = desk.of(chain, &entry, Some(told.records));
    // When it took effect; the entry may bear a time a moment later.
    (line.at_us, line.at, line.told_us) = (told.at_us, local(told.at_us), told.at_us);
    line.anchor = Some(entry.number);
    line.act = act(told.operation, told.what).unwrap_or(line.act);
    said.lines.push(line);
    let records = told.records.iter().map(RecordId::hex).collect();
    let authority = told.submission.map_or_else(String::new, |submission| submission.authority.clone());
    let operation = told.operation.to_owned();
    said.anchors.push((Stated { operation, at: local(told.at_us), authority, records }, entry));
}

/// The entry of the installation that tells of a submission. Times of a chain never go back, so that halving finds where
/// to begin.
fn entry_of(view: View<'_>, operation: &str, at_us: i64, submission: i64) -> Result<Option<LogRow>, AppError> {
    let (mut low, mut high) = (0, view.log_last_number(&INSTALLATION)?);
    while low < high {
        let middle = low + (high - low) / 2;
        // Where an entry is missing, the next one stands for it.
        let at = view.log_of_subject(&INSTALLATION, middle, 1)?.pop();
        match at {
            Some(entry) if entry.at_us < at_us => low = entry.number,
            _ => high = middle,
        }
    }
    let mut after = low;
    loop {
        let slice = view.log_of_subject(&INSTALLATION, after, SLICE)?;
        let Some(last) = slice.last().map(|entry| entry.number) else { return Ok(None) };
        let found = slice.into_iter().find(|entry| entry.operation == operation && tells(&entry.detail, submission));
        if found.is_some() {
            return Ok(found);
        }
        after = last;
    }
}

/// Does an entry tell that this submission was accepted or released, and not merely opened?
fn tells(detail: &str, submission: i64) -> bool {
    let detail = parsed(detail);
    detail.get("submission").and_then(Value::as_i64) == Some(submission) && detail.get("opened").is_none()
}

fn unanchored(told: &Told<'_>) -> Say {
    let what = match told.submission {
        Some(submission) => Say::new(format!("报送批次 {}", submission.id), format!("submission {}", submission.id)),
        None => Say::new("一次目录变更", "a change of the catalogue"),
    };
    Say::new(
        format!("{}（{}）带来了您的记录，但日志中没有它的留痕", what.zh, told.operation),
        format!("{} ({}) brought a record about you, but the log has no entry of it", what.en, told.operation),
    )
}

fn altered(record: &[u8; 16], version: i64) -> Say {
    let record = RecordId(*record).hex();
    Say::new(
        format!("您的记录 {record} 第 {version} 版被改动过"),
        format!("version {version} of your record {record} was altered"),
    )
}
