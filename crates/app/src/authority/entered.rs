//! A record about an authority that the platform makes itself: held against its item as a row of a file is, and written with its entry.

use std::collections::HashMap;

use chengxin_core::Caller;
use chengxin_core::catalogue::{FieldRole, ItemDef};
use chengxin_core::dates::to_days;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::record::{State, severity_to_i64, subject_kind_to_i64};
use chengxin_core::row::{Facts, ReadRules, RowReader, Scratch, Verdict, join_body};
use chengxin_seal::{RandomPool, random_bytes};
use chengxin_store::audit::{Cell, LAYOUTS, SUBJECTS};
use chengxin_store::record::{Cause, VersionHead, VersionRow};
use chengxin_store::subject::NewDocument;
use serde_json::json;

use super::late::Late;
use crate::intake::content_parts;
use crate::keyring::body_aad;
use crate::log::rows::marks;
use crate::proceeding::after_version;
use crate::record::{anchor, committed, identity_aad, next_version};
use crate::subject::SubjectIds;
use crate::{AppError, Installation, journal};

/// A row as a file would have it.
pub(super) struct Row {
    pub(super) by_role: HashMap<FieldRole, String>,
    pub(super) by_code: HashMap<String, String>,
}

impl Row {
    /// The cells in the order of the item's fields.
    fn cells(&self, item: &ItemDef) -> Vec<String> {
        let role = |role: Option<FieldRole>| role.and_then(|role| self.by_role.get(&role));
        let cell = |field: &chengxin_core::catalogue::FieldDef| {
            self.by_code.get(&field.field.code).or_else(|| role(field.field.role)).cloned()
        };
        item.fields.iter().map(|field| cell(field).unwrap_or_default()).collect()
    }
}

/// A row that its item takes.
struct Taken {
    facts: Facts,
    document: Document,
    scratch: Scratch,
    seed: [u8; 16],
    finder: String,
}

/// Where its record lies.
struct Place {
    subject: [u8; 16],
    record: [u8; 16],
    /// Is the authority known as a subject already?
    known: bool,
    heads: Vec<VersionHead>,
}

impl Installation {
    /// Writes the record of a late answer, or its next version where the answer came; why not, where its gate refuses it.
    ///
    /// `rows` has the row as each office that may determine it would send it: what one of them determined stays theirs, and the first makes what is new.
    pub(super) fn authority_entered(
        &mut self,
        caller: &Caller,
        item: &ItemDef,
        late: &Late,
        rows: &[(String, Row)],
    ) -> Result<Option<String>, AppError> {
        let mut first = None;
        for (finder, row) in rows {
            let taken = match self.taken(item, finder, row)? {
                Ok(taken) => taken,
                Err(why) => return Ok(Some(why)),
            };
            let place = self.place_of(&taken)?;
            if place.heads.is_empty() {
                first = first.or(Some((taken, place)));
                continue;
            }
            return self.next_of(caller, item, late, taken, place);
        }
        match first {
            Some((taken, place)) => self.next_of(caller, item, late, taken, place),
            None => Ok(Some("nobody may determine it".to_owned())),
        }
    }

    /// Holds a row against its item.
    fn taken(&self, item: &ItemDef, finder: &str, row: &Row) -> Result<Result<Taken, String>, AppError> {
        let cells = row.cells(item);
        let rules = ReadRules { today: self.today(), synthetic: self.synthetic_rule(), adults_attested: false };
        let reader = RowReader::new(item, (0..item.fields.len()).map(Some).collect(), rules);
        let mut scratch = Scratch::default();
        reader.begin(&mut scratch);
        let mut facts = match reader.read(|column| cells[column].as_str(), &mut scratch) {
            Verdict::Good(facts) => facts,
            Verdict::Held(reason, _) => return Ok(Err(reason.say_to_sender().en)),
            Verdict::Refused | Verdict::Blank => return Ok(Err(format!("{:?}", scratch.faults))),
        };
        let Some(document) = facts.document.take().filter(|document| document.kind() == DocumentKind::Uscc) else {
            return Ok(Err("the authority has no code".to_owned()));
        };
        let identity: Vec<&[u8]> =
            item.identity_fields().iter().map(|field| scratch.value(*field).as_bytes()).collect();
        let seed = self.keys.record_seed(finder, item.code(), &identity);
        Ok(Ok(Taken { facts, document, scratch, seed, finder: finder.to_owned() }))
    }

    fn place_of(&self, taken: &Taken) -> Result<Place, AppError> {
        let (view, keys) = (self.store.view(), &self.keys);
        let found = view.subject_document(&keys.document_tag(taken.document.kind(), taken.document.number()))?;
        let known = found.is_some();
        let subject =
            found.map_or_else(|| SubjectIds::new(self.now_us()).next_id(&mut RandomPool::new()), |row| row.subject_id);
        let record = keys.record_id(&subject, &taken.seed);
        let heads = if known { view.versions_of_record(&subject, &record)? } else { Vec::new() };
        Ok(Place { subject, record, known, heads })
    }

    /// The next version, if there is one: of a record that nobody decided about, and that says something else by now.
    fn next_of(
        &mut self,
        caller: &Caller,
        item: &ItemDef,
        late: &Late,
        taken: Taken,
        place: Place,
    ) -> Result<Option<String>, AppError> {
        let digest = self.keys.digest(&content_parts(item, &taken.scratch, 0));
        let view = self.store.view();
        if let Some(last) = place.heads.last() {
            let settled = last.state != State::Active.as_i64() || last.digest == digest || late.answered.is_none();
            if settled || view.lock(&place.subject, &place.record)?.is_some() {
                return Ok(None);
            }
        }
        if place.known {
            let tag = self.keys.document_tag(taken.document.kind(), taken.document.number());
            let name = self.keys.name_tag(&taken.facts.name);
            let own = view.subject_document(&tag)?.is_some_and(|row| row.name_tag == name);
            if !own && !view.subject_has_name(&place.subject, &name)? {
                return Ok(Some("the name on the list of authorities is not the one on file for its code".to_owned()));
            }
        }
        self.entered(caller, item, late, &taken, &place, digest).map(|()| None)
    }

    fn entered(
        &mut self,
        caller: &Caller,
        item: &ItemDef,
        late: &Late,
        taken: &Taken,
        place: &Place,
        digest: [u8; 16],
    ) -> Result<(), AppError> {
        let (now_us, keys, Place { subject, record, .. }) = (self.now_us(), self.keys.clone(), place);
        let version = place.heads.last().map_or(1, |head| head.version + 1);
        let mut pool = RandomPool::new();
        let (key, wrapped) = if place.known {
            (keys.subject_key(&self.key_store, subject)?, None)
        } else {
            let (key, wrapped) = keys.new_subject_key(&mut pool, subject);
            (key, Some(wrapped))
        };
        let (fresh, wrapping): ([u8; 16], _) = (random_bytes(), keys.wrapping_version());
        // Committed first: a key without what it opens harms nobody.
        let salt = self.key_store.write(|tx| -> Result<[u8; 16], AppError> {
            if let Some(wrapped) = &wrapped {
                tx.subject_key_set(subject, wrapping, wrapped)?;
            }
            Ok(tx.body_salt_kept((subject, record, version), &fresh)?)
        })?;
        let body = key.body(record, version, &salt);
        let facts = &taken.facts;
        let row = VersionRow {
            subject_id: *subject,
            record_id: *record,
            version,
            body_version: version,
            cause: Cause::Platform as i64,
            submission_id: 0,
            leaf: 0,
            row_no: 0,
            item: item.code().to_owned(),
            authority: taken.finder.clone(),
            subject_kind: subject_kind_to_i64(facts.subject),
            severity: severity_to_i64(facts.severity),
            decided_on: i64::from(facts.decided_on),
            display_from: i64::from(facts.display_from),
            display_until: facts.display_until.map(i64::from),
            state: State::Active.as_i64(),
            needs_release: 0,
            source_time: None,
            layout_id: 0,
            digest,
            salt: [0; 16],
            commitment: [0; 32],
            body: body.seal_single_use(&body_aad(subject, record, version), &taken.scratch.body),
        };
        let codes: Vec<&str> = item.fields.iter().map(|def| def.field.code.as_str()).collect();
        let plain = join_body([taken.document.number(), facts.name.as_str()]);
        let sealed = key.identity().seal(&identity_aad(subject), &plain);
        let days = late.answered.map(|day| to_days(day) - to_days(late.due));
        self.store.write("authority_late", |tx| -> Result<(), AppError> {
            if !place.known {
                tx.subject_add(subject, row.subject_kind, 0, now_us)?;
                tx.subject_document_add(NewDocument {
                    tag: &keys.document_tag(taken.document.kind(), taken.document.number()),
                    subject_id: subject,
                    kind: i64::from(taken.document.kind().as_u8()),
                    key_version: keys.index_version(),
                    name_tag: &keys.name_tag(&facts.name),
                    sealed: &sealed,
                })?;
            }
            if next_version(tx.view(), subject, record)? != version {
                return Err(AppError::conflict("该记录刚刚有了新版本", "the record has just got another version"));
            }
            let layout_id = tx.layout_for(item.code(), &codes.join(" "))?;
            let row = committed(&keys, VersionRow { layout_id, ..row.clone() });
            tx.version_add(&row)?;
            let mut rows = vec![(&LAYOUTS, vec![layout_id.into()])];
            if !place.known {
                rows.push((&SUBJECTS, vec![Cell::from(subject)]));
            }
            let detail = json!({
                "rows": marks(tx.view(), &keys, &rows)?, "versions": [anchor(&row)], "number": late.number,
                "due": late.due, "answered": late.answered, "lateDays": days,
            });
            journal::log_about(tx, &keys, subject, now_us, "authority_late", caller, &detail)?;
            after_version(tx, &keys, now_us, &row)?;
            Ok(())
        })
    }
}
