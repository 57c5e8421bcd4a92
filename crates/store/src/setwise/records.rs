//! Records, documents and names of many subjects.

use std::collections::{HashMap, HashSet};

use super::lists;
use crate::dialect::postgres::Server;
use crate::link::Link;
use crate::lock::LockRow;
use crate::record::{StoredVersion, VersionHead};
use crate::subject::DocumentRow;
use crate::value::{Row, Value, values};
use crate::{Statement, StoreError, View};

crate::statements! {
    DOCUMENTS_OF_TAGS = "SELECT subject_id, name_tag, kind, sealed, key_version, tag FROM subject_document WHERE tag = ANY($1)";
    HEADS_OF_RECORDS = "SELECT v.version, v.state, v.digest, v.source_time, v.submission_id, v.display_from, v.display_until, \
        v.severity, v.body_version, v.leaf, CASE WHEN v.submission_id = 0 THEN 2 ELSE s.state END, \
        CASE WHEN v.needs_release = 1 AND s.released_at_us IS NULL THEN 1 ELSE 0 END, v.subject_id, v.record_id \
        FROM unnest($1::bytea[], $2::bytea[]) AS k (subject_id, record_id) \
        JOIN version v ON v.subject_id = k.subject_id AND v.record_id = k.record_id \
        LEFT JOIN submission s ON s.submission_id = v.submission_id ORDER BY v.version";
    // Most records are settled where a file is sent again: the answer names the others. Whether any source time was ever repeated is found out once.
    UNSETTLED_RECORDS = "SELECT k.place FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[]) \
        WITH ORDINALITY AS k (subject_id, record_id, digest, source_time, place) \
        LEFT JOIN version v ON v.subject_id = k.subject_id AND v.record_id = k.record_id \
        LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.version IS DISTINCT FROM 1 OR v.digest <> k.digest OR v.state <> 1 OR s.state IS DISTINCT FROM 2 \
        OR coalesce(v.source_time, 0) <> k.source_time OR ((SELECT EXISTS (SELECT 1 FROM source_seen)) AND EXISTS \
        (SELECT 1 FROM source_seen n WHERE n.subject_id = k.subject_id AND n.record_id = k.record_id))";
    SOURCES_OF_RECORDS = "SELECT max(n.source_time), n.subject_id, n.record_id \
        FROM unnest($1::bytea[], $2::bytea[]) AS k (subject_id, record_id) \
        JOIN source_seen n ON n.subject_id = k.subject_id AND n.record_id = k.record_id \
        JOIN submission s ON s.submission_id = n.submission_id WHERE s.state = 2 GROUP BY n.subject_id, n.record_id";
    LOCKS_OF_RECORDS = "SELECT l.kind, l.case_no, l.decided_on, l.digest, l.subject_id, l.record_id \
        FROM unnest($1::bytea[], $2::bytea[]) AS k (subject_id, record_id) \
        JOIN record_lock l ON l.subject_id = k.subject_id AND l.record_id = k.record_id";
    VERSIONS_OF_DOCUMENT = "SELECT v.record_id, v.version, v.body_version, v.cause, v.submission_id, v.leaf, v.row_no, v.item, \
        v.authority, v.subject_kind, v.severity, v.decided_on, v.display_from, v.display_until, v.state, \
        CASE WHEN v.needs_release = 1 AND s.released_at_us IS NULL THEN 1 ELSE 0 END, v.source_time, v.layout_id, v.digest, v.salt, v.commitment, v.body, \
        v.needs_release, d.subject_id, d.name_tag, d.kind, d.sealed, d.key_version \
        FROM subject_document d JOIN version v ON v.subject_id = d.subject_id \
        LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE d.tag = $1 AND (v.submission_id = 0 OR s.state = 2) ORDER BY v.record_id, v.version";
    NAMES_HELD = "SELECT n.subject_id, n.name_tag FROM unnest($1::bytea[], $2::bytea[]) AS k (subject_id, name_tag) \
        JOIN subject_name n ON n.subject_id = k.subject_id AND n.name_tag = k.name_tag";
}

/// A subject and a record, or a subject and the tag of a name.
pub type Pair = ([u8; 16], [u8; 16]);

/// A record as a file states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedRecord {
    /// Subject and record.
    pub record: Pair,
    /// Digest of its content.
    pub digest: [u8; 16],
    /// Time at the source.
    pub source_time: Option<i64>,
}

fn each_of_pairs(
    server: &Server,
    statement: &Statement,
    pairs: &[Pair],
    each: impl FnMut(Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    // A join gives the rows of a pair once for each time that it is named.
    let pairs: HashSet<&Pair> = pairs.iter().collect();
    let (first, second): (Vec<&[u8]>, Vec<&[u8]>) =
        pairs.into_iter().map(|(a, b)| (a.as_slice(), b.as_slice())).unzip();
    Link::Postgres(server).each(statement, &[Value::List(&first), Value::List(&second)], each)
}

impl View<'_> {
    /// [`View::subject_document`] of many tags: those that lead to somebody.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_documents(&self, tags: &[[u8; 16]]) -> Result<HashMap<[u8; 16], DocumentRow>, StoreError> {
        let mut found = HashMap::with_capacity(tags.len());
        match self.link {
            Link::Postgres(_) if tags.len() > 1 => {
                let tags: Vec<&[u8]> = tags.iter().map(<[u8; 16]>::as_slice).collect();
                self.link.each(&DOCUMENTS_OF_TAGS, &[Value::List(&tags)], |row| {
                    found.insert(row.get(5)?, crate::subject::read_document(row)?);
                    Ok(())
                })?;
            }
            _ => {
                for tag in tags {
                    if let Some(document) = self.subject_document(tag)? {
                        found.insert(*tag, document);
                    }
                }
            }
        }
        Ok(found)
    }

    /// [`View::subject_document`] of a tag, with [`View::versions_of_subject`] of whom it leads to; `None` where it leads to
    /// nobody, or to somebody about whom nothing counts. One journey to a server.
    ///
    /// # Errors
    /// The engine's.
    pub fn versions_of_document(
        &self,
        tag: &[u8; 16],
    ) -> Result<Option<(DocumentRow, Vec<StoredVersion>)>, StoreError> {
        let Link::Postgres(server) = self.link else { return self.versions_in_two(tag) };
        if server.is_citus() {
            return self.versions_in_two(tag);
        }
        let (mut document, mut versions) = (None, Vec::new());
        self.link.each(&VERSIONS_OF_DOCUMENT, values![tag], |row| {
            let subject_id: [u8; 16] = row.get(23)?;
            versions.push(crate::record::read_version(row, &subject_id)?);
            if document.is_none() {
                document = Some(DocumentRow {
                    subject_id,
                    name_tag: row.get(24)?,
                    kind: row.get(25)?,
                    sealed: row.get(26)?,
                    key_version: row.get(27)?,
                });
            }
            Ok(())
        })?;
        Ok(document.map(|document| (document, versions)))
    }

    fn versions_in_two(&self, tag: &[u8; 16]) -> Result<Option<(DocumentRow, Vec<StoredVersion>)>, StoreError> {
        let Some(document) = self.subject_document(tag)? else { return Ok(None) };
        let versions = self.versions_of_subject(&document.subject_id)?;
        Ok((!versions.is_empty()).then_some((document, versions)))
    }

    /// [`View::versions_of_record`] of many records: those that have any.
    ///
    /// # Errors
    /// The engine's.
    pub fn version_heads(&self, records: &[Pair]) -> Result<HashMap<Pair, Vec<VersionHead>>, StoreError> {
        let mut found: HashMap<Pair, Vec<VersionHead>> = HashMap::with_capacity(records.len());
        let Some(server) = lists(self.link, records.len()) else {
            for record in records {
                let heads = self.versions_of_record(&record.0, &record.1)?;
                if !heads.is_empty() {
                    found.insert(*record, heads);
                }
            }
            return Ok(found);
        };
        each_of_pairs(server, &HEADS_OF_RECORDS, records, |row| {
            found.entry((row.get(12)?, row.get(13)?)).or_default().push(crate::record::read_head(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Places of the records that are held in a single version, the first, accepted, in force, of just this content and time at
    /// the source, and about which nothing was ever decided: nothing more need be asked about them. A server compares by itself;
    /// elsewhere none is found, and each record is asked for.
    ///
    /// # Errors
    /// The engine's.
    pub fn settled_records(&self, stated: &[StatedRecord]) -> Result<HashSet<usize>, StoreError> {
        let Some(server) = lists(self.link, stated.len()) else { return Ok(HashSet::new()) };
        let subjects: Vec<&[u8]> = stated.iter().map(|s| s.record.0.as_slice()).collect();
        let records: Vec<&[u8]> = stated.iter().map(|s| s.record.1.as_slice()).collect();
        let digests: Vec<&[u8]> = stated.iter().map(|s| s.digest.as_slice()).collect();
        let times: Vec<i64> = stated.iter().map(|s| s.source_time.unwrap_or(0)).collect();
        let values = [Value::List(&subjects), Value::List(&records), Value::List(&digests), Value::Ints(&times)];
        let mut settled: HashSet<usize> = (0..stated.len()).collect();
        Link::Postgres(server).each(&UNSETTLED_RECORDS, &values, |row| {
            // Ordinality counts from 1. Of several versions each that differs names the place.
            let place = usize::try_from(row.get::<i64>(0)? - 1);
            settled.remove(&place.map_err(|_| StoreError::Value(UNSETTLED_RECORDS.name.into()))?);
            Ok(())
        })?;
        Ok(settled)
    }

    /// [`View::source_seen`] of many records: those that have one.
    ///
    /// # Errors
    /// The engine's.
    pub fn sources_seen(&self, records: &[Pair]) -> Result<HashMap<Pair, i64>, StoreError> {
        let mut found = HashMap::new();
        let Some(server) = lists(self.link, records.len()) else {
            for record in records {
                if let Some(time) = self.source_seen(&record.0, &record.1)? {
                    found.insert(*record, time);
                }
            }
            return Ok(found);
        };
        each_of_pairs(server, &SOURCES_OF_RECORDS, records, |row| {
            found.insert((row.get(1)?, row.get(2)?), row.get(0)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// [`View::lock`] of many records: those that are locked.
    ///
    /// # Errors
    /// The engine's.
    pub fn locks(&self, records: &[Pair]) -> Result<HashMap<Pair, LockRow>, StoreError> {
        let mut found = HashMap::new();
        let Some(server) = lists(self.link, records.len()) else {
            for record in records {
                if let Some(lock) = self.lock(&record.0, &record.1)? {
                    found.insert(*record, lock);
                }
            }
            return Ok(found);
        };
        each_of_pairs(server, &LOCKS_OF_RECORDS, records, |row| {
            found.insert((row.get(4)?, row.get(5)?), crate::lock::read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// [`View::subject_has_name`] of many subjects and tags of names: those that are held.
    ///
    /// # Errors
    /// The engine's.
    pub fn names_held(&self, names: &[Pair]) -> Result<HashSet<Pair>, StoreError> {
        let mut found = HashSet::new();
        let Some(server) = lists(self.link, names.len()) else {
            for name in names {
                if self.subject_has_name(&name.0, &name.1)? {
                    found.insert(*name);
                }
            }
            return Ok(found);
        };
        each_of_pairs(server, &NAMES_HELD, names, |row| {
            found.insert((row.get(0)?, row.get(1)?));
            Ok(())
        })?;
        Ok(found)
    }
}
