//! Versions of records.

use crate::keys::BodyAt;
use crate::link::Link;
use crate::value::{Row, Value, row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    VERSION_ADD = "INSERT INTO version (subject_id, record_id, version, body_version, cause, submission_id, leaf, row_no, \
        item, authority, subject_kind, severity, decided_on, display_from, display_until, state, needs_release, \
        source_time, layout_id, digest, salt, commitment, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
        $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";
    // Rows of an open submission supersede nothing: only those of accepted ones, and decisions (submission 0), count.
    // A subject has few records, so the newest of each is picked by the reader.
    VERSION_OF_SUBJECT = "SELECT v.record_id, v.version, v.body_version, v.cause, v.submission_id, v.leaf, v.row_no, v.item, \
        v.authority, v.subject_kind, v.severity, v.decided_on, v.display_from, v.display_until, v.state, \
        CASE WHEN v.needs_release = 1 AND s.released_at_us IS NULL THEN 1 ELSE 0 END, v.source_time, v.layout_id, v.digest, v.salt, v.commitment, v.body, \
        v.needs_release \
        FROM version v LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.subject_id = $1 AND (v.submission_id = 0 OR s.state = 2) ORDER BY v.record_id, v.version";
    // The same of one record.
    VERSION_OF_ONE = "SELECT v.record_id, v.version, v.body_version, v.cause, v.submission_id, v.leaf, v.row_no, v.item, \
        v.authority, v.subject_kind, v.severity, v.decided_on, v.display_from, v.display_until, v.state, \
        CASE WHEN v.needs_release = 1 AND s.released_at_us IS NULL THEN 1 ELSE 0 END, v.source_time, v.layout_id, v.digest, v.salt, v.commitment, v.body, \
        v.needs_release \
        FROM version v LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.subject_id = $1 AND v.record_id = $2 AND (v.submission_id = 0 OR s.state = 2) ORDER BY v.version";
    VERSION_OF_RECORD = "SELECT v.version, v.state, v.digest, v.source_time, v.submission_id, v.display_from, v.display_until, \
        v.severity, v.body_version, v.leaf, \
        CASE WHEN v.submission_id = 0 THEN 2 ELSE s.state END, \
        CASE WHEN v.needs_release = 1 AND s.released_at_us IS NULL THEN 1 ELSE 0 END \
        FROM version v LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.subject_id = $1 AND v.record_id = $2 ORDER BY v.version";
    VERSION_OF_SUBMISSION = "SELECT record_id, version, row_no, body, body_version, needs_release, leaf FROM version \
        WHERE subject_id = $1 AND submission_id = $2 ORDER BY record_id, version";
    VERSION_REMOVE = "DELETE FROM version WHERE subject_id = $1 AND record_id = $2 AND submission_id = $3";
    VERSION_ANY_OF_SUBJECT = "SELECT 1 FROM version WHERE subject_id = $1 LIMIT 1";
    SOURCE_SEEN_ADD = "INSERT INTO source_seen (subject_id, record_id, submission_id, source_time) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (subject_id, record_id, submission_id) DO UPDATE SET source_time = excluded.source_time";
    SOURCE_SEEN_MAX = "SELECT max(n.source_time) FROM source_seen n JOIN submission s ON s.submission_id = n.submission_id \
        WHERE n.subject_id = $1 AND n.record_id = $2 AND s.state = 2";
}

/// A record whose display ended: first day not shown, subject, record.
pub type EndedRecord = (i64, [u8; 16], [u8; 16]);

/// A record that a submission changed or withdrew: subject, record, leaf.
pub type ChangedRecord = ([u8; 16], [u8; 16], i64);

/// Why a version was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A row of a submission.
    Submission = 1,
    /// A withdrawal row or decision.
    Withdrawal = 2,
    /// A change of the catalogue recomputed its columns.
    Catalogue = 3,
    /// A decided correction.
    Correction = 4,
    /// An erasure: the tombstone.
    Erasure = 5,
    /// The identity clerk attached a held row, or found that a record is not its person's.
    Identity = 6,
    /// A repair was granted.
    Repair = 7,
    /// The platform itself found that an authority answered late, or when it did in the end.
    Platform = 8,
}

/// A version about to be written, or as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// About whom.
    pub subject_id: [u8; 16],
    /// Which record.
    pub record_id: [u8; 16],
    /// 1, 2, 3 …
    pub version: i64,
    /// Version that holds the body.
    pub body_version: i64,
    /// Number of its [`Cause`].
    pub cause: i64,
    /// Submission; 0 for decisions.
    pub submission_id: i64,
    /// Place in the submission's tree.
    pub leaf: i64,
    /// Row of the file.
    pub row_no: i64,
    /// Item code.
    pub item: String,
    /// Sending office.
    pub authority: String,
    /// Kind of subject as the row said it.
    pub subject_kind: i64,
    /// Severity, 0 for none.
    pub severity: i64,
    /// Days since 1970-01-01.
    pub decided_on: i64,
    /// First day shown.
    pub display_from: i64,
    /// First day not shown.
    pub display_until: Option<i64>,
    /// State of `core::record::State`.
    pub state: i64,
    /// 1 where the row waits, or waited, for release. Part of the commitment.
    pub needs_release: i64,
    /// Time at the source.
    pub source_time: Option<i64>,
    /// Order of the values.
    pub layout_id: i64,
    /// Keyed digest of the values.
    pub digest: [u8; 16],
    /// Salt of the commitment.
    pub salt: [u8; 16],
    /// The commitment.
    pub commitment: [u8; 32],
    /// Sealed values, or nothing.
    pub body: Vec<u8>,
}

impl VersionRow {
    /// Where the salt of the body in this row lies.
    #[must_use]
    pub fn body_at(&self) -> BodyAt<'_> {
        let (submission, leaf) = (self.submission_id, self.leaf);
        BodyAt { subject: &self.subject_id, record: &self.record_id, version: self.version, submission, leaf }
    }
}

impl VersionRow {
    /// In the order of [`VERSION_ADD`].
    fn columns(&self) -> [Value<'_>; 23] {
        let v = self;
        row![
            v.subject_id,
            v.record_id,
            v.version,
            v.body_version,
            v.cause,
            v.submission_id,
            v.leaf,
            v.row_no,
            v.item,
            v.authority,
            v.subject_kind,
            v.severity,
            v.decided_on,
            v.display_from,
            v.display_until,
            v.state,
            v.needs_release,
            v.source_time,
            v.layout_id,
            v.digest,
            v.salt,
            v.commitment,
            v.body
        ]
    }
}

/// A version as read, with whether it still waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVersion {
    /// The row.
    pub row: VersionRow,
    /// Does it wait for release now?
    pub awaits_release: bool,
}

/// What decides how a new row relates to the versions that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    /// Number.
    pub version: i64,
    /// State.
    pub state: i64,
    /// Digest of the content.
    pub digest: [u8; 16],
    /// Source time.
    pub source_time: Option<i64>,
    /// Submission.
    pub submission_id: i64,
    /// First day shown.
    pub display_from: i64,
    /// First day not shown.
    pub display_until: Option<i64>,
    /// Severity.
    pub severity: i64,
    /// Version that holds the body.
    pub body_version: i64,
    /// Place in the submission's tree.
    pub leaf: i64,
    /// State of the submission: 2 is accepted.
    pub submission_state: i64,
    /// Does it wait for release now?
    pub awaits_release: bool,
}

/// A version that an open submission brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnVersion {
    /// Which record.
    pub record_id: [u8; 16],
    /// Number.
    pub version: i64,
    /// Row of the file.
    pub row_no: i64,
    /// Sealed values.
    pub body: Vec<u8>,
    /// Version that holds the body.
    pub body_version: i64,
    /// Does it wait for release?
    pub needs_release: bool,
    /// Place in the submission's tree.
    pub leaf: i64,
}

/// Columns as in [`VERSION_OF_RECORD`].
pub(crate) fn read_head(row: Row<'_>) -> Result<VersionHead, StoreError> {
    Ok(VersionHead {
        version: row.get(0)?,
        state: row.get(1)?,
        digest: row.get(2)?,
        source_time: row.get(3)?,
        submission_id: row.get(4)?,
        display_from: row.get(5)?,
        display_until: row.get(6)?,
        severity: row.get(7)?,
        body_version: row.get(8)?,
        leaf: row.get(9)?,
        submission_state: row.get::<Option<i64>>(10)?.unwrap_or(0),
        awaits_release: row.get::<Option<bool>>(11)?.unwrap_or(false),
    })
}

/// Columns as in [`VERSION_OF_SUBJECT`].
pub(crate) fn read_version(row: Row<'_>, subject: &[u8; 16]) -> Result<StoredVersion, StoreError> {
    Ok(StoredVersion {
        row: VersionRow {
            subject_id: *subject,
            record_id: row.get(0)?,
            version: row.get(1)?,
            body_version: row.get(2)?,
            cause: row.get(3)?,
            submission_id: row.get(4)?,
            leaf: row.get(5)?,
            row_no: row.get(6)?,
            item: row.get(7)?,
            authority: row.get(8)?,
            subject_kind: row.get(9)?,
            severity: row.get(10)?,
            decided_on: row.get(11)?,
            display_from: row.get(12)?,
            display_until: row.get(13)?,
            state: row.get(14)?,
            needs_release: row.get(22)?,
            source_time: row.get(16)?,
            layout_id: row.get(17)?,
            digest: row.get(18)?,
            salt: row.get(19)?,
            commitment: row.get(20)?,
            body: row.get(21)?,
        },
        awaits_release: row.get::<Option<bool>>(15)?.unwrap_or(false),
    })
}

impl View<'_> {
    /// All effective versions about a subject, by record and version. One statement, one node.
    ///
    /// # Errors
    /// The engine's.
    pub fn versions_of_subject(&self, subject: &[u8; 16]) -> Result<Vec<StoredVersion>, StoreError> {
        self.link.rows(&VERSION_OF_SUBJECT, values![subject], |row| read_version(row, subject))
    }

    /// All effective versions of one record, in order.
    ///
    /// # Errors
    /// The engine's.
    pub fn versions_of_one(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Vec<StoredVersion>, StoreError> {
        self.link.rows(&VERSION_OF_ONE, values![subject, record], |row| read_version(row, subject))
    }

    /// Heads of all versions of one record, those of open submissions included, in order.
    ///
    /// # Errors
    /// The engine's.
    pub fn versions_of_record(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Vec<VersionHead>, StoreError> {
        self.link.rows(&VERSION_OF_RECORD, values![subject, record], read_head)
    }

    /// What an open submission brought about one subject.
    ///
    /// # Errors
    /// The engine's.
    pub fn versions_of_submission(&self, subject: &[u8; 16], submission: i64) -> Result<Vec<OwnVersion>, StoreError> {
        self.link.rows(&VERSION_OF_SUBMISSION, values![subject, submission], |row| {
            Ok(OwnVersion {
                record_id: row.get(0)?,
                version: row.get(1)?,
                row_no: row.get(2)?,
                body: row.get(3)?,
                body_version: row.get(4)?,
                needs_release: row.get(5)?,
                leaf: row.get(6)?,
            })
        })
    }

    /// Newest source time with which equal content was repeated.
    ///
    /// # Errors
    /// The engine's.
    pub fn source_seen(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<i64>, StoreError> {
        self.link.one(&SOURCE_SEEN_MAX, values![subject, record], |row| row.get(0))
    }

    /// Is there any version about a subject, of whatever submission?
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_has_versions(&self, subject: &[u8; 16]) -> Result<bool, StoreError> {
        self.link.any(&VERSION_ANY_OF_SUBJECT, values![subject])
    }
}

impl Tx<'_> {
    /// Appends a version.
    ///
    /// # Errors
    /// The engine's; the same version twice is an error.
    pub fn version_add(&self, version: &VersionRow) -> Result<(), StoreError> {
        self.versions_add(std::slice::from_ref(version))
    }

    /// Appends versions, the statement prepared once: what an import does a million times.
    ///
    /// # Errors
    /// As [`Tx::version_add`].
    pub fn versions_add(&self, versions: &[VersionRow]) -> Result<(), StoreError> {
        self.link.load(&VERSION_ADD, versions.iter().map(VersionRow::columns))
    }

    /// Appends batches of versions as they come, until there is none. On a server all of them are one COPY: `next` may ask
    /// this transaction nothing.
    ///
    /// # Errors
    /// As [`Tx::version_add`].
    pub fn versions_stream(&self, mut next: impl FnMut() -> Option<Vec<VersionRow>>) -> Result<(), StoreError> {
        match self.link {
            Link::Sqlite(_) => {
                while let Some(versions) = next() {
                    self.versions_add(&versions)?;
                }
                Ok(())
            }
            Link::Postgres(server) => server.load_batches(&VERSION_ADD, next, |versions, each| {
                versions.iter().for_each(|version| each(&version.columns()));
            }),
        }
    }

    /// Takes a version of an *open* submission out again: its row turned out to contradict another row of the file.
    ///
    /// # Errors
    /// The engine's.
    pub fn version_remove(&self, subject: &[u8; 16], record: &[u8; 16], submission: i64) -> Result<usize, StoreError> {
        self.link.run(&VERSION_REMOVE, values![subject, record, submission])
    }

    /// Remembers that equal content was repeated with a newer source time.
    ///
    /// # Errors
    /// The engine's.
    pub fn source_seen_add(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        submission: i64,
        time: i64,
    ) -> Result<(), StoreError> {
        self.link.run(&SOURCE_SEEN_ADD, values![subject, record, submission, time])?;
        Ok(())
    }
}
