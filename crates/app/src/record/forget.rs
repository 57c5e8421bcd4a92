//! `subject_forget`: the key of a subject goes, with number, name and tags, once nothing must lawfully stay. What holds it stands in
//! [`chengxin_core::retention`]; here it is gathered.

use std::sync::Arc;

use chengxin_core::Caller;
use chengxin_core::catalogue::Catalogue;
use chengxin_core::dates::{day_start_us, from_days, shanghai_date};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::record::State;
use chengxin_core::retention::Remains;
use chengxin_core::row::split_body;
use chengxin_store::audit::{ERASURES, SUBJECTS};
use chengxin_store::record::VersionHead;
use chengxin_store::{Tx, View};
use jiff::civil::Date;
use serde_json::json;

use super::erase::{ErasureKind, Ground};
use super::identity_aad;
use super::register::Entry;
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::report::reader;
use crate::{AppError, Installation, journal};

/// In place of a record, where a subject is forgotten without one's being erased. No record has this id: it would be a keyed digest of zeros.
pub(super) const FORGOTTEN: [u8; 16] = [0; 16];

/// Records looked at in one statement.
const SLICE: i64 = 64;
/// State of follow-ups that wait to be settled: one that only tells asks nothing of anybody, and would hold its record for ever.
const SETTLE: i64 = 2;
/// How long after midnight the day's work begins.
const AFTER_MIDNIGHT_US: i64 = 25 * 60 * 1_000_000;

/// Asks what is there about one subject.
pub(super) struct Asker {
    catalogue: Arc<Catalogue>,
    pub(super) today: Date,
    now_us: i64,
    /// The person as a reader of their own records, for each of their documents: consents, mandates and accounts lie there.
    readers: Vec<[u8; 16]>,
}

impl Asker {
    /// # Errors
    /// The store's.
    pub(super) fn remains(&self, view: View<'_>, subject: &[u8; 16]) -> Result<Remains, AppError> {
        let mut found = Remains { record: false, last_line: self.last_line(view, subject)?, ..Remains::default() };
        self.records(view, subject, &mut found)?;
        found.proceeding = view.proceedings(subject)?.iter().any(|row| row.closed_on.is_none());
        found.follow_up = view.follow_ups(subject)?.iter().any(|row| row.state == SETTLE);
        found.complaint = view.complaints(subject)?.iter().any(|row| row.closed_on.is_none());
        found.notice = view.notice_unserved(subject)?;
        found.hidden = !view.log_hidden_due(subject, i32::MAX)?.is_empty();
        for reader in &self.readers {
            found.consent |= view.consents_standing(reader, self.now_us, 0)? > 0;
            found.mandate |= view.mandates_standing(reader, self.now_us, 0)? > 0;
            found.account |= !view.account_bindings(reader)?.is_empty();
            found.complaint |= view.complaints(reader)?.iter().any(|row| row.closed_on.is_none());
            found.hidden |= !view.log_hidden_due(reader, i32::MAX)?.is_empty();
        }
        Ok(found)
    }

    fn last_line(&self, view: View<'_>, subject: &[u8; 16]) -> Result<Option<Date>, AppError> {
        let mut last = view.log_last_time(subject)?;
        for reader in &self.readers {
            last = last.max(view.log_last_time(reader)?);
        }
        Ok(last.map(shanghai_date))
    }

    /// Whether any record is left, those of submissions being taken in included, and until when tombstones are needed.
    fn records(&self, view: View<'_>, subject: &[u8; 16], found: &mut Remains) -> Result<(), AppError> {
        let versions = view.versions_of_subject(subject)?;
        let mut after = [0; 16];
        loop {
            let slice = view.records_walk(subject, &after, SLICE)?;
            let own: Vec<_> = slice.iter().filter(|(of, ..)| of == subject).collect();
            for (_, record, _) in &own {
                after = *record;
                let heads = view.versions_of_record(subject, record)?;
                if heads.last().is_some_and(|head| head.state != State::Erased.as_i64()) {
                    found.record = true;
                    continue;
                }
                let item = versions.iter().find(|version| version.row.record_id == *record);
                let until = self.guards_until(item.map_or("", |version| &version.row.item), &heads);
                found.guards_until = found.guards_until.max(Some(until));
            }
            if own.len() < SLICE as usize {
                return Ok(());
            }
        }
    }

    /// From which day on a row of an erased record would be refused for its dates alone.
    fn guards_until(&self, item: &str, heads: &[VersionHead]) -> Date {
        let Some(item) = self.catalogue.item(item) else { return Date::MAX };
        let kept = |head: &VersionHead| {
            let ended = head.display_until.and_then(|day| from_days(i32::try_from(day).ok()?));
            item.kept_until(ended, self.today).unwrap_or(Date::MAX)
        };
        heads.iter().map(kept).max().unwrap_or(Date::MAX)
    }
}

impl Installation {
    /// Whoever asks about a subject: its documents lead to what lies with the person as a reader.
    ///
    /// # Errors
    /// The store's; an internal fault for a document that cannot be opened.
    pub(super) fn asker(&self, subject: &[u8; 16]) -> Result<Asker, AppError> {
        let (view, now_us) = (self.store.view(), self.now_us());
        let mut readers = Vec::new();
        if let Some(key) = self.keys.subject_key_kept(&self.key_store, subject)? {
            let (key, aad) = (key.identity(), identity_aad(subject));
            for (kind, sealed) in view.documents_of_subject(subject)? {
                let damaged = || AppError::internal("the sealed identity of a document has another form");
                let plain = key.open(&aad, &sealed).map_err(|_| damaged())?;
                let number = split_body(&plain).and_then(|values| values.first().map(|number| (*number).to_owned()));
                let kind = u8::try_from(kind).ok().and_then(DocumentKind::from_u8).ok_or_else(damaged)?;
                // A reader's own subject has a document of another form: it leads nowhere further.
                let read = Document::parse(kind, &number.ok_or_else(damaged)?, self.synthetic_rule());
                let Ok((document, _)) = read else { continue };
                readers.extend(reader(view, &self.keys, &document)?);
            }
        }
        readers.retain(|reader| reader != subject);
        Ok(Asker { catalogue: Arc::clone(&self.catalogue), today: self.today(), now_us, readers })
    }

    /// Forgets a subject where nothing holds them, and else asks again on the day on which it may be so.
    pub(crate) fn job_subject_forget(&mut self, subject: &[u8; 16]) -> Result<(), AppError> {
        let asker = self.asker(subject)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let caller = Caller::operator("chengxin", "已无须依法保留的信息");
        let number = self.store.write("subject_forget", |tx| -> Result<Option<i64>, AppError> {
            // It is gone already, or something came in that is a subject of this id no more.
            if tx.view().subject_kind(subject)?.is_none() {
                return Ok(None);
            }
            // A file that is being taken in may be about them without a version yet.
            if tx.view().submission_open_any()? {
                later(tx, &keys, subject, asker.today.tomorrow().unwrap_or(Date::MAX))?;
                return Ok(None);
            }
            let remains = asker.remains(tx.view(), subject)?;
            if remains.holders(asker.today).is_empty() {
                return forget(tx, &keys, now_us, &caller, subject).map(Some);
            }
            if let Some(day) = remains.asked_again(asker.today) {
                later(tx, &keys, subject, day)?;
            }
            Ok(None)
        })?;
        let Some(number) = number else { return Ok(()) };
        let ground = Ground::by_law(ErasureKind::Retention, "", self.today());
        self.register_add(&[Entry::new(subject, &FORGOTTEN, &ground, true)])?;
        self.destroy_erased_keys(number - 1)
    }
}

/// Has it asked on a day whether the subject can be forgotten.
pub(super) fn later(tx: &Tx<'_>, keys: &Keyring, subject: &[u8; 16], on: Date) -> Result<(), AppError> {
    // Keyed by the day too: the same job cannot be written again while it is being done.
    let about = format!("{}/{on}", data_encoding::HEXLOWER.encode(subject));
    let id = job_id(keys, JobKind::SubjectForget, &about);
    let due_us = day_start_us(on).saturating_add(AFTER_MIDNIGHT_US);
    Ok(tx.job_add(subject, &id, JobKind::SubjectForget.code(), "{}", due_us)?)
}

/// Takes number, name, tags, and notes that the key is to be destroyed; the number of that.
pub(super) fn forget(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    caller: &Caller,
    subject: &[u8; 16],
) -> Result<i64, AppError> {
    tx.subject_forget(subject)?;
    let number = tx.erasure_add(subject, &FORGOTTEN, "", now_us)?;
    let rows = marks(tx.view(), keys, &[(&ERASURES, vec![number.into()]), (&SUBJECTS, vec![subject.into()])])?;
    let detail = json!({ "subject_forgotten": true, "rows": rows });
    journal::log_about(tx, keys, subject, now_us, "subject_forget", caller, &detail)?;
    Ok(number)
}
