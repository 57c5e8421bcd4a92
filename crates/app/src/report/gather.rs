//! Whom a report is about, and what about them may be shown today.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chengxin_core::catalogue::model::{SubjectKind, Use};
use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::identity::{Document, DocumentKind, Uscc, normalise_name};
use chengxin_core::record::{Standing, State, severity_from_i64, subject_kind_from_i64, subject_kind_to_i64};
use chengxin_core::row::{join_body, split_body};
use chengxin_seal::RandomPool;
use chengxin_store::audit::{Cell, SUBJECTS};
use chengxin_store::record::{StoredVersion, VersionRow};
use chengxin_store::subject::{DocumentRow, NewSubject};
use chengxin_store::{Tx, View};
use jiff::civil::Date;
use serde_json::Value;

use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::record::{BodyOpener, by_record, identity_aad, newest};
use crate::subject::SubjectIds;
use crate::{AppError, Installation};

/// Before a number whose owner the platform holds nothing about, see [`Owner::Reader`].
pub(crate) const READER: &str = "report:";

/// Values of a record: field codes and what stands there.
pub(super) type Values = Vec<(String, String)>;

/// Under whom a report and its log entries stand.
pub(crate) enum Owner {
    /// A subject of whom records are held.
    Known {
        /// Their id.
        subject: [u8; 16],
        /// Their document.
        document: Box<DocumentRow>,
        /// Everything effective about them.
        versions: Vec<StoredVersion>,
    },
    /// Somebody of whom nothing is held, and who has a right to a report that says so.
    ///
    /// They get a subject of their own, found by the tag of `report:` before the number. Not by the number's own tag:
    /// that would tie the name stated here to the number, and an office's later row with the right name would be held
    /// as a disagreement. The tag is made of a text like any other, so rotation of the index key treats it alike.
    Reader {
        /// Their id.
        subject: [u8; 16],
        /// Is it new?
        new: bool,
    },
}

impl Owner {
    pub(crate) fn subject(&self) -> &[u8; 16] {
        match self {
            Owner::Known { subject, .. } | Owner::Reader { subject, .. } => subject,
        }
    }

    pub(crate) fn versions(&self) -> &[StoredVersion] {
        match self {
            Owner::Known { versions, .. } => versions,
            Owner::Reader { .. } => &[],
        }
    }
}

/// Finds the owner of a report about a document.
///
/// A number that only a submission not yet accepted has named counts as unknown: nobody may see such rows, not even by
/// the name that they carry.
pub(crate) fn owner(view: View<'_>, keys: &Keyring, document: &Document, now_us: i64) -> Result<Owner, AppError> {
    if let Some(row) = view.subject_document(&keys.document_tag(document.kind(), document.number()))? {
        let versions = view.versions_of_subject(&row.subject_id)?;
        if !versions.is_empty() {
            return Ok(Owner::Known { subject: row.subject_id, document: Box::new(row), versions });
        }
    }
    let found = view.subject_document(&reader_tag(keys, document))?;
    Ok(match found {
        Some(row) => Owner::Reader { subject: row.subject_id, new: false },
        None => Owner::Reader { subject: SubjectIds::new(now_us).next_id(&mut RandomPool::new()), new: true },
    })
}

/// Tag of a reader's own subject, see [`Owner::Reader`].
pub(crate) fn reader_tag(keys: &Keyring, document: &Document) -> [u8; 16] {
    keys.document_tag(document.kind(), &format!("{READER}{}", document.number()))
}

/// A new reader's rows, made before the transaction that writes them.
pub(crate) struct NewReader(NewReaders);

/// Rows of several.
pub(crate) struct NewReaders(Vec<NewSubject>);

/// Every subject under which entries about a document stand: whose records are held, and who asked or was asked about while
/// nothing was.
pub(crate) fn subjects_of(view: View<'_>, keys: &Keyring, document: &Document) -> Result<Vec<[u8; 16]>, AppError> {
    let tags = [keys.document_tag(document.kind(), document.number()), reader_tag(keys, document)];
    let find = |tag: &[u8; 16]| Ok(view.subject_document(tag)?.map(|row| row.subject_id));
    tags.iter().filter_map(|tag| find(tag).transpose()).collect()
}

impl Installation {
    /// [`owner`], of what stands now.
    pub(crate) fn owner_of(&self, document: &Document) -> Result<Owner, AppError> {
        owner(self.store.view(), &self.keys, document, self.now_us())
    }

    /// What is to be written about an owner of whom nothing was ever written.
    pub(crate) fn reader_of(&mut self, owner: &Owner, document: &Document) -> Result<Option<NewReader>, AppError> {
        match owner {
            Owner::Reader { subject, new: true } => self.new_reader(*subject, document).map(Some),
            Owner::Reader { .. } | Owner::Known { .. } => Ok(None),
        }
    }

    /// Makes the key of a reader. Committed before the rows that rely on it: a key without rows harms nobody.
    pub(crate) fn new_reader(&mut self, subject: [u8; 16], document: &Document) -> Result<NewReader, AppError> {
        self.new_readers(&[(subject, document.clone())]).map(NewReader)
    }

    /// The same for several, each with its own document.
    pub(crate) fn new_readers(&mut self, of: &[([u8; 16], Document)]) -> Result<NewReaders, AppError> {
        let mut pool = RandomPool::new();
        let (mut wrapped, mut rows) = (Vec::with_capacity(of.len()), Vec::with_capacity(of.len()));
        for (subject, document) in of {
            let (key, own) = self.keys.new_subject_key(&mut pool, subject);
            wrapped.push((*subject, own));
            let number = format!("{READER}{}", document.number());
            let kind = subject_kinds(document).first().copied().unwrap_or(SubjectKind::Person);
            rows.push(NewSubject {
                subject_id: *subject,
                kind: subject_kind_to_i64(kind),
                tag: reader_tag(&self.keys, document),
                document_kind: i64::from(document.kind().as_u8()),
                name_tag: self.keys.name_tag(""),
                sealed: key.identity().seal(&identity_aad(subject), &join_body([number.as_str(), ""])),
            });
        }
        wrapped.sort_unstable();
        rows.sort_unstable_by_key(|row| row.subject_id);
        let wrapping = self.keys.wrapping_version();
        if !wrapped.is_empty() {
            self.key_store.write(|tx| tx.subject_keys_load(wrapping, &wrapped))?;
        }
        Ok(NewReaders(rows))
    }

    /// Does a name agree with a document's: its own, or one that an identity clerk linked on evidence?
    pub(super) fn name_agrees(&self, document: &DocumentRow, name: &str) -> Result<bool, AppError> {
        let tag = self.keys.name_tag(&normalise_name(name));
        Ok(tag == document.name_tag || self.store.view().subject_has_name(&document.subject_id, &tag)?)
    }

    /// The name that stands on file for a document.
    pub(crate) fn name_on_file(&self, document: &DocumentRow) -> Result<String, AppError> {
        let subject = &document.subject_id;
        let key = self.keys.subject_key(&self.key_store, subject)?.identity();
        let plain = key.open(&identity_aad(subject), &document.sealed);
        let plain = plain.map_err(|error| AppError::internal(format!("open identity: {error}")))?;
        match split_body(&plain).as_deref() {
            Some([_, name]) => Ok((*name).to_owned()),
            _ => Err(AppError::internal("a sealed identity has another form")),
        }
    }

    /// Opens the bodies of versions: field codes and values. `None` for one whose key was destroyed meanwhile.
    pub(super) fn open_bodies(
        &self,
        shown: &[&VersionRow],
        all: &[StoredVersion],
    ) -> Result<Vec<Option<Values>>, AppError> {
        let holder = |row: &&VersionRow| {
            let holds = |v: &&StoredVersion| v.row.record_id == row.record_id && v.row.version == row.body_version;
            let holder = all.iter().find(holds).map(|version| &version.row);
            holder.ok_or_else(|| AppError::internal("the version that holds a body is missing"))
        };
        let holders = shown.iter().map(holder).collect::<Result<Vec<_>, _>>()?;
        let mut opener = BodyOpener::new(&self.keys, &self.key_store);
        if let Some(first) = holders.first() {
            opener.ask_for(&first.subject_id, &holders)?;
        }
        let mut layouts = HashMap::new();
        let mut open = |holder: &VersionRow| {
            let layout = match layouts.entry(holder.layout_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.store.view().layout(holder.layout_id)?.1),
            };
            opener.open(holder, layout)
        };
        holders.into_iter().map(&mut open).collect()
    }
}

impl NewReaders {
    /// Writes the rows.
    pub(crate) fn write(&self, tx: &Tx<'_>, keys: &Keyring, now_us: i64) -> Result<(), AppError> {
        // Submission 0: no submission brought them, and none takes them away.
        Ok(tx.subjects_load(&self.0, keys.index_version(), 0, now_us)?)
    }
}

impl NewReader {
    /// Writes the rows.
    pub(crate) fn write(&self, tx: &Tx<'_>, keys: &Keyring, now_us: i64) -> Result<(), AppError> {
        self.0.write(tx, keys, now_us)
    }

    /// Writes the rows; what the entry says of them.
    pub(crate) fn write_marked(&self, tx: &Tx<'_>, keys: &Keyring, now_us: i64) -> Result<Value, AppError> {
        self.write(tx, keys, now_us)?;
        let rows = self.0.0.iter().map(|row| (&SUBJECTS, vec![Cell::from(&row.subject_id)]));
        marks(tx.view(), keys, &rows.collect::<Vec<_>>())
    }
}

/// Kinds of subject that a document can name.
pub(crate) fn subject_kinds(document: &Document) -> &'static [SubjectKind] {
    match document.kind() {
        DocumentKind::Uscc => match Uscc::parse(document.number()) {
            Ok((code, _)) if code.is_self_employed() => &[SubjectKind::SoleTrader],
            _ => &[SubjectKind::Organisation, SubjectKind::Authority],
        },
        _ => &[SubjectKind::Person],
    }
}

/// The version of each record that counts now: the newest that does not wait for release.
pub(super) fn current(versions: &[StoredVersion]) -> Vec<&VersionRow> {
    by_record(versions).filter_map(newest).collect()
}

/// The item of a current version, if a report may show the version on a day.
pub(super) fn reportable<'c>(catalogue: &'c Catalogue, row: &VersionRow, on: Date) -> Option<&'c ItemDef> {
    showable(catalogue, row, Use::Report, on)
}

/// The item of a current version, if it may be shown for a use on a day.
pub(crate) fn showable<'c>(catalogue: &'c Catalogue, row: &VersionRow, use_for: Use, on: Date) -> Option<&'c ItemDef> {
    let item = catalogue.item(&row.item)?;
    let day = |days: i64| i32::try_from(days).ok();
    let standing = Standing {
        subject: subject_kind_from_i64(row.subject_kind)?,
        severity: severity_from_i64(row.severity),
        display_from: day(row.display_from)?,
        display_until: match row.display_until {
            None => None,
            Some(until) => Some(day(until)?),
        },
        state: State::from_i64(row.state)?,
        // Those that wait are never the current one.
        awaits_release: false,
    };
    standing.shown(item, use_for, on).ok().map(|()| item)
}
