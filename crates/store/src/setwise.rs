//! Look-ups of many keys at once. On SQLite a point read costs microseconds, and many are simply made one after the other; to a
//! server each would be a journey, so there one statement is given the whole list.
//!
//! On Citus a statement may not join a spread table with a list that it is given. There a list of one key is looked up by
//! `= ANY`, which every node answers for its own, and one of two keys one by one, each on its node.

use std::collections::{HashMap, HashSet};

use crate::audit::{Cell, cell};
use crate::audit_log::EntrySaid;
use crate::dialect::postgres::Server;
use crate::keys::{BodyAt, Wrapped};
use crate::link::Link;
use crate::lock::LockRow;
use crate::log::{Last, LogRow};
use crate::log_tree::LogLeaf;
use crate::record::{StoredVersion, VersionHead};
use crate::subject::DocumentRow;
use crate::value::{Row, Value, values};
use crate::{KeyStore, Statement, StoreError, Tx, View};

crate::statements! {
    DOCUMENTS_OF_TAGS = "SELECT subject_id, name_tag, kind, sealed, key_version, tag FROM subject_document WHERE tag = ANY($1)";
    HEADS_OF_RECORDS = "SELECT v.version, v.state, v.digest, v.source_time, v.submission_id, v.display_from, v.display_until, \
        v.severity, v.body_version, v.leaf, CASE WHEN v.submission_id = 0 THEN 2 ELSE s.state END, \
        CASE WHEN v.needs_release = 1 AND s.released_at_us IS NULL THEN 1 ELSE 0 END, v.subject_id, v.record_id \
        FROM unnest($1::bytea[], $2::bytea[]) AS k (subject_id, record_id) \
        JOIN version v ON v.subject_id = k.subject_id AND v.record_id = k.record_id \
        LEFT JOIN submission s ON s.submission_id = v.submission_id ORDER BY v.version";
    SETTLED_RECORDS = "SELECT k.place FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[]) \
        WITH ORDINALITY AS k (subject_id, record_id, digest, source_time, place) \
        JOIN version v ON v.subject_id = k.subject_id AND v.record_id = k.record_id \
        LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE NOT EXISTS (SELECT 1 FROM source_seen n WHERE n.subject_id = k.subject_id AND n.record_id = k.record_id) \
        GROUP BY k.place HAVING count(*) = 1 AND bool_and(v.digest = k.digest AND v.state = 1 AND s.state = 2 \
        AND coalesce(v.source_time, 0) = k.source_time)";
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
    ENTRIES_PLACE = "UPDATE log_entry e SET leaf_index = k.leaf_index \
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS k (subject_id, number, leaf_index) \
        WHERE e.subject_id = k.subject_id AND e.number = k.number AND e.leaf_index IS NULL";
    ENTRIES_OF_LEAVES = "SELECT e.commitment, e.leaf_index, e.at_us, e.subject_id, e.number \
        FROM unnest($1::bytea[], $2::bigint[]) AS k (subject_id, number) \
        JOIN log_entry e ON e.subject_id = k.subject_id AND e.number = k.number";
    LASTS_OF_SUBJECTS = "SELECT k.subject_id, e.number, e.commitment, e.at_us FROM unnest($1::bytea[]) AS k (subject_id) \
        CROSS JOIN LATERAL (SELECT number, commitment, at_us FROM log_entry WHERE subject_id = k.subject_id \
        ORDER BY number DESC LIMIT 1) e";
    ENTRIES_ADD = "INSERT INTO log_entry (subject_id, number, at_us, operation, caller, detail, salt, previous, commitment) \
        SELECT subject_id, number, at_us, operation, caller, detail, salt, previous, commitment \
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], \
        $9::bytea[]) AS k (subject_id, number, at_us, operation, caller, detail, salt, previous, commitment) \
        ORDER BY subject_id, number";
    LEAVES_AT_PLACES = "SELECT subject_id, number, leaf_index FROM log_leaf WHERE leaf_index = ANY($1)";
}

static KEYS_OF_SUBJECTS: Statement = Statement::new(
    "KEYS_OF_SUBJECTS",
    "SELECT subject_id, wrapping, wrapped FROM subject_key WHERE subject_id = ANY($1)",
);

static KEYS_OF_BODIES: Statement = Statement::new(
    "KEYS_OF_BODIES",
    "SELECT -1::bigint, wrapping, wrapped FROM subject_key WHERE subject_id = $1 UNION ALL \
     SELECT k.place, b.first_leaf, substr(b.salts, ((k.leaf - b.first_leaf) << 4)::int + 1, 16) \
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS k (place, submission_id, leaf) \
     CROSS JOIN LATERAL (SELECT first_leaf, salts FROM salt_block WHERE submission_id = k.submission_id \
     AND first_leaf <= k.leaf ORDER BY first_leaf DESC LIMIT 1) b",
);

/// Those of the key store.
pub(crate) const KEYS: &[&Statement] = &[&KEYS_OF_SUBJECTS, &KEYS_OF_BODIES];

/// What bodies of one subject are opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyKeys {
    /// The subject's wrapped key, unless it was destroyed.
    pub subject: Option<Wrapped>,
    /// The salt of each body, in the order in which they were asked for; `None` once it was erased.
    pub salts: Vec<Option<[u8; 16]>>,
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

/// Subject and number of an entry, as they are read where a row may hold anything.
pub(crate) type EntryKey<'c> = [&'c Cell; 2];

/// The server, where it takes lists.
fn lists<'c>(link: Link<'c>, len: usize) -> Option<&'c Server> {
    match link {
        // One journey either way.
        Link::Postgres(server) if len > 1 && !server.is_citus() => Some(server),
        _ => None,
    }
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

    /// Places of the records that are held in a single version, accepted, in force, of just this content and time at the
    /// source, and about which nothing was ever decided: nothing more need be asked about them. A server compares by itself; elsewhere none is found, and each record
    /// is asked for.
    ///
    /// # Errors
    /// The engine's.
    pub fn settled_records(&self, stated: &[StatedRecord]) -> Result<HashSet<usize>, StoreError> {
        let mut settled = HashSet::new();
        let Some(server) = lists(self.link, stated.len()) else { return Ok(settled) };
        let subjects: Vec<&[u8]> = stated.iter().map(|s| s.record.0.as_slice()).collect();
        let records: Vec<&[u8]> = stated.iter().map(|s| s.record.1.as_slice()).collect();
        let digests: Vec<&[u8]> = stated.iter().map(|s| s.digest.as_slice()).collect();
        let times: Vec<i64> = stated.iter().map(|s| s.source_time.unwrap_or(0)).collect();
        let values = [Value::List(&subjects), Value::List(&records), Value::List(&digests), Value::Ints(&times)];
        Link::Postgres(server).each(&SETTLED_RECORDS, &values, |row| {
            // Ordinality counts from 1.
            settled.extend(usize::try_from(row.get::<i64>(0)? - 1));
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

impl View<'_> {
    /// [`View::entry_of_leaf`] of many leaves, in their order.
    pub(crate) fn entries_of_leaves(&self, leaves: &[EntryKey<'_>]) -> Result<Vec<Option<EntrySaid>>, StoreError> {
        if lists(self.link, leaves.len()).is_none() {
            return leaves.iter().map(|leaf| self.entry_of_leaf(*leaf)).collect();
        }
        let key = |leaf: &EntryKey<'_>| match leaf {
            [Cell::Bytes(subject), Cell::Int(number)] => Some((subject.clone(), *number)),
            // A server keeps columns to their types.
            _ => None,
        };
        let keys: Vec<(Vec<u8>, i64)> = leaves.iter().filter_map(key).collect();
        let (subjects, numbers): (Vec<&[u8]>, Vec<i64>) =
            keys.iter().map(|(s, number)| (s.as_slice(), *number)).unzip();
        let mut found = HashMap::with_capacity(leaves.len());
        self.link.each(&ENTRIES_OF_LEAVES, &[Value::List(&subjects), Value::Ints(&numbers)], |row| {
            found.insert((row.get(3)?, row.get(4)?), [cell(row, 0)?, cell(row, 1)?, cell(row, 2)?]);
            Ok(())
        })?;
        Ok(leaves.iter().map(|leaf| found.get(&key(leaf)?).cloned()).collect())
    }

    /// [`View::entry_at`] of many places, in their order.
    pub(crate) fn entries_at(&self, places: &[&Cell]) -> Result<Vec<Option<[Cell; 2]>>, StoreError> {
        match self.link {
            Link::Postgres(_) if places.len() > 1 => {
                let numbers: Vec<i64> = places.iter().filter_map(|place| place.int()).collect();
                let mut found: HashMap<i64, [Cell; 2]> = HashMap::with_capacity(numbers.len());
                self.link.each(&LEAVES_AT_PLACES, &[Value::Ints(&numbers)], |row| {
                    found.insert(row.get(2)?, [cell(row, 0)?, cell(row, 1)?]);
                    Ok(())
                })?;
                Ok(places.iter().map(|place| found.get(&place.int()?).cloned()).collect())
            }
            _ => places.iter().map(|place| self.entry_at(place)).collect(),
        }
    }

    /// A key that sorts before that of any entry. SQLite keeps no column to its type, and sorts numbers before bytes.
    pub(crate) fn before_every_entry(&self) -> [Cell; 2] {
        let subject = match self.link {
            Link::Sqlite(_) => Cell::Int(i64::MIN),
            Link::Postgres(_) => Cell::Bytes(Vec::new()),
        };
        [subject, Cell::Int(i64::MIN)]
    }
}

impl KeyStore {
    /// [`KeyStore::subject_key`], and [`KeyStore::body_salt`] of bodies about that subject: one journey to a server.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_keys(&self, subject: &[u8; 16], bodies: &[BodyAt<'_>]) -> Result<BodyKeys, StoreError> {
        let Link::Postgres(server) = self.link() else { return self.body_keys_one_by_one(subject, bodies) };
        if server.is_citus() {
            return self.body_keys_one_by_one(subject, bodies);
        }
        let places: Vec<i64> = (0..).take(bodies.len()).collect();
        let submissions: Vec<i64> = bodies.iter().map(|body| body.submission).collect();
        let leaves: Vec<i64> = bodies.iter().map(|body| body.leaf).collect();
        let mut found = BodyKeys { subject: None, salts: vec![None; bodies.len()] };
        let values = [Value::Bytes(subject), Value::Ints(&places), Value::Ints(&submissions), Value::Ints(&leaves)];
        self.link().each(&KEYS_OF_BODIES, &values, |row| {
            match usize::try_from(row.get::<i64>(0)?) {
                Err(_) => found.subject = Some((row.get(1)?, row.get(2)?)),
                Ok(place) => {
                    let salt: Vec<u8> = row.get(2)?;
                    // Shorter where the leaf lies behind the block's last: then it has none there.
                    let salt = <[u8; 16]>::try_from(salt).ok().filter(|salt| *salt != [0; 16]);
                    if let Some(at) = found.salts.get_mut(place) {
                        *at = salt;
                    }
                }
            }
            Ok(())
        })?;
        for (salt, body) in found.salts.iter_mut().zip(bodies) {
            if salt.is_none() {
                *salt = self.body_salt(body)?;
            }
        }
        Ok(found)
    }

    fn body_keys_one_by_one(&self, subject: &[u8; 16], bodies: &[BodyAt<'_>]) -> Result<BodyKeys, StoreError> {
        let salts = bodies.iter().map(|body| self.body_salt(body)).collect::<Result<_, _>>()?;
        Ok(BodyKeys { subject: self.subject_key(subject)?, salts })
    }

    /// [`KeyStore::subject_key`] of many subjects: those that have one.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_keys_of(&self, subjects: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Wrapped>, StoreError> {
        let mut found = HashMap::with_capacity(subjects.len());
        match self.link() {
            Link::Postgres(_) if subjects.len() > 1 => {
                let subjects: Vec<&[u8]> = subjects.iter().map(<[u8; 16]>::as_slice).collect();
                self.link().each(&KEYS_OF_SUBJECTS, &[Value::List(&subjects)], |row| {
                    found.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
                    Ok(())
                })?;
            }
            _ => {
                for subject in subjects {
                    if let Some(wrapped) = self.subject_key(subject)? {
                        found.insert(*subject, wrapped);
                    }
                }
            }
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// Where the chains of subjects end, of those that have any; `None` where each is better asked for by itself.
    pub(crate) fn log_lasts(&self, subjects: &[&[u8; 16]]) -> Result<Option<HashMap<[u8; 16], Last>>, StoreError> {
        if lists(self.link, subjects.len()).is_none() {
            return Ok(None);
        }
        let distinct: HashSet<&[u8; 16]> = subjects.iter().copied().collect();
        let subjects: Vec<&[u8]> = distinct.into_iter().map(<[u8; 16]>::as_slice).collect();
        let mut found = HashMap::with_capacity(subjects.len());
        self.link.each(&LASTS_OF_SUBJECTS, &[Value::List(&subjects)], |row| {
            found.insert(row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
            Ok(())
        })?;
        Ok(Some(found))
    }

    /// Adds entries that follow their chains' ends. In the order of their keys: two that add about the same people wait for
    /// each other in one direction only.
    pub(crate) fn log_entries_add(&self, subjects: &[&[u8; 16]], entries: &[LogRow]) -> Result<(), StoreError> {
        fn column<'e, T>(entries: &'e [LogRow], of: impl Fn(&'e LogRow) -> T) -> Vec<T> {
            entries.iter().map(of).collect()
        }
        let subjects: Vec<&[u8]> = subjects.iter().map(|subject| subject.as_slice()).collect();
        let added = self.link.run(
            &ENTRIES_ADD,
            &[
                Value::List(&subjects),
                Value::Ints(&column(entries, |e| e.number)),
                Value::Ints(&column(entries, |e| e.at_us)),
                Value::Texts(&column(entries, |e| e.operation.as_str())),
                Value::Texts(&column(entries, |e| e.caller.as_str())),
                Value::Texts(&column(entries, |e| e.detail.as_str())),
                Value::List(&column(entries, |e| e.salt.as_slice())),
                Value::List(&column(entries, |e| e.previous.as_slice())),
                Value::List(&column(entries, |e| e.commitment.as_slice())),
            ],
        )?;
        if added == entries.len() {
            return Ok(());
        }
        Err(StoreError::Engine(format!("{added} of {} entries were added to the log", entries.len())))
    }

    /// Says in each entry which place it has; how many had none before.
    pub(crate) fn log_entries_place(&self, leaves: &[LogLeaf]) -> Result<usize, StoreError> {
        if lists(self.link, leaves.len()).is_some() {
            let subjects: Vec<&[u8]> = leaves.iter().map(|leaf| leaf.subject_id.as_slice()).collect();
            let numbers: Vec<i64> = leaves.iter().map(|leaf| leaf.number).collect();
            let places: Vec<i64> = leaves.iter().map(|leaf| leaf.index).collect();
            let values = [Value::List(&subjects), Value::Ints(&numbers), Value::Ints(&places)];
            return self.link.run(&ENTRIES_PLACE, &values);
        }
        let mut placed = 0;
        for leaf in leaves {
            placed += self.log_entry_place(leaf)?;
        }
        Ok(placed)
    }
}
