//! What only checking reads: every table from end to end, in an order that keeps memory small. None of these statements
//! can name a subject; each is bounded by its table, read once, in slices.
//!
//! Rows are read as cells, because a row that was put there by hand may hold anything in any column.

use chengxin_tlog::{Column, Hash};

pub use crate::audit_log::LeafRow;
use crate::record::VersionRow;
use crate::value::{CellRef, Given, Row, Value, values};
use crate::{Statement, StoreError, View};

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// An integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes; also what no column of ours ever holds (a fraction, text that is none).
    Bytes(Vec<u8>),
}

impl Cell {
    /// As a column of a commitment.
    #[must_use]
    pub fn column(&self) -> Column<'_> {
        match self {
            Self::Null => Column::Null,
            Self::Int(number) => Column::Int(*number),
            Self::Text(text) => Column::Text(text),
            Self::Bytes(bytes) => Column::Bytes(bytes),
        }
    }

    /// The bytes, where it holds exactly 16.
    #[must_use]
    pub fn id(&self) -> Option<[u8; 16]> {
        match self {
            Self::Bytes(bytes) => bytes.as_slice().try_into().ok(),
            _ => None,
        }
    }

    /// The integer, where it holds one.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
}

impl std::fmt::Display for Cell {
    /// As part of a row's key: bytes in hexadecimal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

impl Given for Cell {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
        }
    }
}

/// A table that is walked row by row. Its key stands in the first columns.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many of the first columns are its key.
    pub keys: usize,
    /// How many of the first columns only say where the row is found, and are left out of its digest.
    pub unbound: usize,
    /// Rows in a slice.
    pub slice: i64,
    first: &'static [Start],
    walk: &'static Statement,
    find: &'static Statement,
}

/// What sorts before every key that is any.
#[derive(Debug, Clone, Copy)]
enum Start {
    Int,
    Text,
    Bytes,
}

impl Start {
    fn cell(self) -> Cell {
        match self {
            Self::Int => Cell::Int(i64::MIN),
            Self::Text => Cell::Text(String::new()),
            Self::Bytes => Cell::Bytes(Vec::new()),
        }
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Rows of a usual slice.
const SLICE: i64 = 5_000;
/// Rows of a slice of a table that has no index in the order it is walked: each slice is a scan, so there are few.
const SORTED_SLICE: i64 = 100_000;
/// Rows of a slice of what people handed in, of which each may have megabytes.
const FILE_SLICE: i64 = 8;

macro_rules! tables {
    ($($konst:ident = $name:literal [$($key:literal $start:ident),+] $unbound:literal $slice:ident
        walk $walk:ident $after:literal $limit:literal, find $find:ident $by:literal, $columns:literal;)*) => {
        crate::statements! {
            $($walk = concat!("SELECT ", $columns, " FROM ", $name, " WHERE ", $after, " LIMIT ", $limit);
            $find = concat!("SELECT ", $columns, " FROM ", $name, " WHERE ", $by);)*
            AUDIT_VERSIONS = "SELECT subject_id, record_id, version, body_version, cause, submission_id, leaf, row_no, item, authority, \
                subject_kind, severity, decided_on, display_from, display_until, state, needs_release, source_time, layout_id, digest, \
                salt, commitment, body FROM version WHERE (subject_id, record_id, version) > ($1, $2, $3) \
                ORDER BY subject_id, record_id, version LIMIT $4";
            AUDIT_VERSION_COUNT = "SELECT count(*) FROM version";
            AUDIT_LOG_TILES = "SELECT level, part FROM log_tile WHERE (level, part) > ($1, $2) ORDER BY level, part LIMIT $3";
            AUDIT_HEADS = "SELECT origin FROM log_head ORDER BY origin";
            AUDIT_SUBMISSION_LEAVES = "SELECT leaf, subject_id, record_id, version, commitment FROM version WHERE submission_id = $1 \
                AND (leaf, subject_id, record_id, version) > ($2, $3, $4, $5) ORDER BY leaf, subject_id, record_id, version LIMIT $6";
            AUDIT_SUBMISSION_TILES = "SELECT submission_id, level, part FROM submission_tile WHERE (submission_id, level, part) > ($1, $2, $3) \
                ORDER BY submission_id, level, part LIMIT $4";
            AUDIT_SUBMISSION_HAS = "SELECT subject_id, record_id, version FROM version WHERE submission_id = $1 ORDER BY leaf LIMIT 1";
            AUDIT_REFUSALS = "SELECT row_no, faults, delete_after FROM refusal WHERE submission_id = $1 ORDER BY row_no";
            AUDIT_HELD = "SELECT row_no, held_id, reason, layout_id, delete_after FROM held WHERE submission_id = $1 ORDER BY row_no";
            AUDIT_MEMBERS_OF = "SELECT part, fingerprints FROM submission_member WHERE submission_id = $1 ORDER BY part";
            AUDIT_SOURCE_SEEN = "SELECT n.subject_id, n.record_id, n.submission_id FROM source_seen n LEFT JOIN submission s \
                ON s.submission_id = n.submission_id WHERE s.submission_id IS NULL ORDER BY n.subject_id, n.record_id LIMIT $1";
            // A subject without a document, only where the counts differ. Bound: one scan of each; no index leads from a subject
            // to its documents, and no join, since on Citus they do not lie together.
            AUDIT_UNDOCUMENTED = "SELECT subject_id FROM subject EXCEPT SELECT subject_id FROM subject_document ORDER BY subject_id LIMIT $1";
            AUDIT_DOCUMENTED_TWICE = "SELECT subject_id FROM subject_document GROUP BY subject_id HAVING count(*) > 1 ORDER BY subject_id LIMIT $1";
            AUDIT_ENTRY_COUNT = "SELECT count(*) FROM log_entry";
        }
        $(#[doc = concat!("The table `", $name, "`.")]
        pub static $konst: Table = Table {
            name: $name, keys: [$($key),+].len(), unbound: $unbound, slice: $slice, first: &[$(Start::$start),+], walk: &$walk, find: &$find,
        };)*
    };
}

tables! {
    SETTINGS = "installation" ["name" Text] 0 SLICE walk AUDIT_SETTINGS "name > $1 ORDER BY name" "$2",
        find AUDIT_SETTING "name = $1", "name, value";
    CATALOGUES = "catalogue_version" ["hash" Text] 0 SLICE walk AUDIT_CATALOGUES "hash > $1 ORDER BY hash" "$2",
        find AUDIT_CATALOGUE "hash = $1", "hash, files, applied_at_us, applied_by";
    LAYOUTS = "layout" ["layout_id" Int] 0 SLICE walk AUDIT_LAYOUTS "layout_id > $1 ORDER BY layout_id" "$2",
        find AUDIT_LAYOUT "layout_id = $1", "layout_id, item, fields";
    CLAUSES = "clause_confirmation" ["clause" Text, "confirmed_at_us" Int] 0 SLICE
        walk AUDIT_CLAUSES "(clause, confirmed_at_us) > ($1, $2) ORDER BY clause, confirmed_at_us" "$3",
        find AUDIT_CLAUSE "clause = $1 AND confirmed_at_us = $2", "clause, confirmed_at_us, confirmed_by, office, note";
    AUTHORITIES = "authority" ["code" Text] 0 SLICE walk AUDIT_AUTHORITIES "code > $1 ORDER BY code" "$2",
        find AUDIT_AUTHORITY "code = $1", "code, name, name_en, kind, added_at_us";
    SUPERVISIONS = "supervision" ["authority" Text] 0 SLICE walk AUDIT_SUPERVISIONS "authority > $1 ORDER BY authority" "$2",
        find AUDIT_SUPERVISION "authority = $1", "authority, supervisor, set_us";
    MAPPINGS = "column_mapping" ["authority" Text, "item" Text, "heading" Text] 0 SLICE
        walk AUDIT_MAPPINGS "(authority, item, heading) > ($1, $2, $3) ORDER BY authority, item, heading" "$4",
        find AUDIT_MAPPING "authority = $1 AND item = $2 AND heading = $3", "authority, item, heading, field";
    SUBMISSIONS = "submission" ["submission_id" Int] 0 SLICE
        walk AUDIT_SUBMISSIONS "submission_id > $1 ORDER BY submission_id" "$2", find AUDIT_SUBMISSION "submission_id = $1",
        "submission_id, authority, item, file_name, file_sha256, settings, state, opened_at_us, accepted_at_us, needs_release, \
        released_at_us, released_by, sent_by, reason, row_count, version_count, root, summary, receipt";
    SUBMISSION_FIGURES = "submission_figure" ["submission_id" Int] 0 SLICE
        walk AUDIT_SUBMISSION_FIGURES "submission_id > $1 ORDER BY submission_id" "$2",
        find AUDIT_SUBMISSION_FIGURE "submission_id = $1",
        "submission_id, authority, month, row_count, taken, refused, held, judged, in_time";
    CHECK_COUNTS = "check_count" ["month" Int, "matter" Text] 0 SLICE
        walk AUDIT_CHECK_COUNTS "(month, matter) > ($1, $2) ORDER BY month, matter" "$3",
        find AUDIT_CHECK_COUNT "month = $1 AND matter = $2", "month, matter, checks";
    MEMBERS = "submission_member" ["submission_id" Int, "part" Int] 0 SLICE
        walk AUDIT_MEMBERS "(submission_id, part) > ($1, $2) ORDER BY submission_id, part" "$3",
        find AUDIT_MEMBER "submission_id = $1 AND part = $2", "submission_id, part, fingerprints";
    ERASURES = "erasure" ["erasure_id" Int] 0 SLICE walk AUDIT_ERASURES "erasure_id > $1 ORDER BY erasure_id" "$2",
        find AUDIT_ERASURE "erasure_id = $1", "erasure_id, subject_id, record_id, case_no, erased_at_us";
    HELD = "held" ["held_id" Int] 0 SLICE walk AUDIT_HELD_ROWS "held_id > $1 ORDER BY held_id" "$2", find AUDIT_HELD_ROW "held_id = $1",
        "held_id, submission_id, row_no, reason, sealed, layout_id, delete_after, state, decided_by, evidence, decided_at_us";
    REFUSALS = "refusal" ["submission_id" Int, "row_no" Int] 0 SLICE
        walk AUDIT_REFUSAL_ROWS "(submission_id, row_no) > ($1, $2) ORDER BY submission_id, row_no" "$3",
        find AUDIT_REFUSAL_ROW "submission_id = $1 AND row_no = $2", "submission_id, row_no, faults, sealed, delete_after";
    LOCKS = "record_lock" ["subject_id" Bytes, "record_id" Bytes] 0 SLICE
        walk AUDIT_LOCKS "(subject_id, record_id) > ($1, $2) ORDER BY subject_id, record_id" "$3",
        find AUDIT_LOCK "subject_id = $1 AND record_id = $2",
        "subject_id, record_id, kind, case_no, decided_on, locked_by, locked_at_us, digest";
    REPORTS = "report" ["subject_id" Bytes, "report_id" Bytes] 0 SLICE
        walk AUDIT_REPORTS "(subject_id, report_id) > ($1, $2) ORDER BY subject_id, report_id" "$3",
        find AUDIT_REPORT "subject_id = $1 AND report_id = $2",
        "subject_id, report_id, number, issued_at_us, valid_until, state, records, domains, period, pdf_hash, content_hash, sealed";
    CODES = "report_code" ["subject_id" Bytes, "code_tag" Bytes] 0 SORTED_SLICE
        walk AUDIT_CODES "(subject_id, code_tag) > ($1, $2) ORDER BY subject_id, code_tag" "$3",
        find AUDIT_CODE "subject_id = $1 AND code_tag = $2",
        "subject_id, code_tag, report_id, extract_tag, failures, locked_until_us";
    NAMES = "subject_name" ["subject_id" Bytes, "name_tag" Bytes] 3 SLICE
        walk AUDIT_NAMES "(subject_id, name_tag) > ($1, $2) ORDER BY subject_id, name_tag" "$3",
        find AUDIT_NAME "subject_id = $1 AND name_tag = $2",
        "subject_id, name_tag, key_version, sealed, evidence, added_by, added_at_us";
    SUBJECTS = "subject" ["subject_id" Bytes] 0 SLICE walk AUDIT_SUBJECTS "subject_id > $1 ORDER BY subject_id" "$2",
        find AUDIT_SUBJECT "subject_id = $1", "subject_id, kind, submission_id, created_at_us";
    DOCUMENTS = "subject_document" ["tag" Bytes] 0 SLICE walk AUDIT_DOCUMENTS "tag > $1 ORDER BY tag" "$2",
        find AUDIT_DOCUMENT "tag = $1", "tag, subject_id, kind, key_version, name_tag, sealed";
    HIDDEN = "log_hidden" ["subject_id" Bytes, "chain_id" Bytes, "number" Int] 0 SLICE
        walk AUDIT_HIDDEN "(subject_id, chain_id, number) > ($1, $2, $3) ORDER BY subject_id, chain_id, number" "$4",
        find AUDIT_HIDDEN_ROW "subject_id = $1 AND chain_id = $2 AND number = $3",
        "subject_id, chain_id, number, reveal_on, clause, revealed";
    WITNESSES = "log_witness" ["name" Text] 0 SLICE walk AUDIT_WITNESSES "name > $1 ORDER BY name" "$2",
        find AUDIT_WITNESS "name = $1", "name, key, url, added_us";
    ACCOUNTS = "account" ["account_id" Bytes] 0 SLICE walk AUDIT_ACCOUNTS "account_id > $1 ORDER BY account_id" "$2",
        find AUDIT_ACCOUNT "account_id = $1", "account_id, kind, state, subject_id, sealed, opened_us, opened_by";
    LOGINS = "account_login" ["login_tag" Bytes] 0 SLICE walk AUDIT_LOGINS "login_tag > $1 ORDER BY login_tag" "$2",
        find AUDIT_LOGIN "login_tag = $1", "login_tag, account_id";
    RIGHTS = "account_right" ["account_id" Bytes, "role" Text, "authority" Text] 0 SLICE
        walk AUDIT_RIGHTS "(account_id, role, authority) > ($1, $2, $3) ORDER BY account_id, role, authority" "$4",
        find AUDIT_RIGHT "account_id = $1 AND role = $2 AND authority = $3",
        "account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal";
    BINDINGS = "account_binding" ["subject_id" Bytes, "account_id" Bytes] 0 SLICE
        walk AUDIT_BINDINGS "(subject_id, account_id) > ($1, $2) ORDER BY subject_id, account_id" "$3",
        find AUDIT_BINDING "subject_id = $1 AND account_id = $2", "subject_id, account_id, sealed, bound_us, issued_by";
    CREDENTIALS = "credential" ["account_id" Bytes, "credential_id" Bytes] 0 SLICE
        walk AUDIT_CREDENTIALS "(account_id, credential_id) > ($1, $2) ORDER BY account_id, credential_id" "$3",
        find AUDIT_CREDENTIAL "account_id = $1 AND credential_id = $2",
        "account_id, credential_id, kind, parameters, secret, made_us, used_us";
    ACTIVATIONS = "activation" ["code_tag" Bytes] 0 SLICE walk AUDIT_ACTIVATIONS "code_tag > $1 ORDER BY code_tag" "$2",
        find AUDIT_ACTIVATION "code_tag = $1",
        "code_tag, purpose, account_id, subject_id, sealed, evidence, issued_by, issued_us, expires_us, used_us";
    CONSENTS = "consent" ["subject_id" Bytes, "consent_id" Bytes] 0 SLICE
        walk AUDIT_CONSENTS "(subject_id, consent_id) > ($1, $2) ORDER BY subject_id, consent_id" "$3",
        find AUDIT_CONSENT "subject_id = $1 AND consent_id = $2",
        "subject_id, consent_id, confirmed, stopped, from_us, until_us, uses, used, granted_us, line, sealed, seal";
    CONSENT_USES = "consent_use" ["subject_id" Bytes, "consent_id" Bytes, "number" Int] 0 SLICE
        walk AUDIT_CONSENT_USES "(subject_id, consent_id, number) > ($1, $2, $3) ORDER BY subject_id, consent_id, number" "$4",
        find AUDIT_CONSENT_USE "subject_id = $1 AND consent_id = $2 AND number = $3", "subject_id, consent_id, number, at_us, sealed";
    CONSENT_CODES = "consent_code" ["subject_id" Bytes, "code_tag" Bytes] 0 SORTED_SLICE
        walk AUDIT_CONSENT_CODES "(subject_id, code_tag) > ($1, $2) ORDER BY subject_id, code_tag" "$3",
        find AUDIT_CONSENT_CODE "subject_id = $1 AND code_tag = $2", "subject_id, code_tag, consent_id, seal";
    CHECK_BATCHES = "check_batch" ["number" Text] 0 SLICE walk AUDIT_CHECK_BATCHES "number > $1 ORDER BY number" "$2",
        find AUDIT_CHECK_BATCH "number = $1",
        "number, authority, matter, purpose, applications, part_size, parts, opened_by, opened_us, approved_by, approved_us, until_us, \
            done, repeated, seal";
    CLIENTS = "client" ["client_id" Bytes] 0 SLICE walk AUDIT_CLIENTS "client_id > $1 ORDER BY client_id" "$2",
        find AUDIT_CLIENT "client_id = $1",
        "client_id, name, authority, role, scopes, opened_us, opened_by, ended_us, ended_by, seal";
    CLIENT_KEYS = "client_key" ["client_id" Bytes, "kid" Text] 0 SLICE
        walk AUDIT_CLIENT_KEYS "(client_id, kid) > ($1, $2) ORDER BY client_id, kid" "$3",
        find AUDIT_CLIENT_KEY "client_id = $1 AND kid = $2",
        "client_id, kid, alg, jwk, from_us, until_us, added_us, added_by, revoked_us, revoked_by, seal";
    ISSUERS = "issuer" ["name" Text] 0 SLICE walk AUDIT_ISSUERS "name > $1 ORDER BY name" "$2",
        find AUDIT_ISSUER "name = $1", "name, terms, secret, set_us, set_by, ended_us, ended_by, seal";
    IDENTITIES = "account_identity" ["identity_tag" Bytes] 0 SLICE
        walk AUDIT_IDENTITIES "identity_tag > $1 ORDER BY identity_tag" "$2", find AUDIT_IDENTITY "identity_tag = $1",
        "identity_tag, account_id, issuer, linked_us, linked_by, seal";
    MANDATES = "mandate" ["subject_id" Bytes, "mandate_id" Bytes] 0 SLICE
        walk AUDIT_MANDATES "(subject_id, mandate_id) > ($1, $2) ORDER BY subject_id, mandate_id" "$3",
        find AUDIT_MANDATE "subject_id = $1 AND mandate_id = $2",
        "subject_id, mandate_id, kind, given, stage, actor_id, parent_id, from_us, until_us, granted_us, line, sealed, seal";
    MANDATE_HOLDERS = "mandate_holder" ["subject_id" Bytes, "mandate_id" Bytes] 0 SLICE
        walk AUDIT_MANDATE_HOLDERS "(subject_id, mandate_id) > ($1, $2) ORDER BY subject_id, mandate_id" "$3",
        find AUDIT_MANDATE_HOLDER "subject_id = $1 AND mandate_id = $2", "subject_id, mandate_id, mandator_id";
    MANDATE_CODES = "mandate_code" ["subject_id" Bytes, "code_tag" Bytes] 0 SORTED_SLICE
        walk AUDIT_MANDATE_CODES "(subject_id, code_tag) > ($1, $2) ORDER BY subject_id, code_tag" "$3",
        find AUDIT_MANDATE_CODE "subject_id = $1 AND code_tag = $2", "subject_id, code_tag, mandate_id, seal";
    PROCEEDINGS = "proceeding" ["subject_id" Bytes, "proceeding_id" Bytes] 0 SLICE
        walk AUDIT_PROCEEDINGS "(subject_id, proceeding_id) > ($1, $2) ORDER BY subject_id, proceeding_id" "$3",
        find AUDIT_PROCEEDING "subject_id = $1 AND proceeding_id = $2",
        "subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, stated, line, \
        sealed, seal";
    PROCEEDING_FILES = "proceeding_file" ["subject_id" Bytes, "proceeding_id" Bytes, "file_no" Int] 0 FILE_SLICE
        walk AUDIT_PROCEEDING_FILES "(subject_id, proceeding_id, file_no) > ($1, $2, $3) ORDER BY subject_id, proceeding_id, file_no" "$4",
        find AUDIT_PROCEEDING_FILE "subject_id = $1 AND proceeding_id = $2 AND file_no = $3",
        "subject_id, proceeding_id, file_no, added_us, size, sealed, body";
    PROCEEDING_NUMBERS = "proceeding_number" ["subject_id" Bytes, "number_tag" Bytes] 0 SORTED_SLICE
        walk AUDIT_PROCEEDING_NUMBERS "(subject_id, number_tag) > ($1, $2) ORDER BY subject_id, number_tag" "$3",
        find AUDIT_PROCEEDING_NUMBER "subject_id = $1 AND number_tag = $2", "subject_id, number_tag, proceeding_id, seal";
    FOLLOW_UPS = "follow_up" ["subject_id" Bytes, "follow_up_id" Bytes] 0 SLICE
        walk AUDIT_FOLLOW_UPS "(subject_id, follow_up_id) > ($1, $2) ORDER BY subject_id, follow_up_id" "$3",
        find AUDIT_FOLLOW_UP "subject_id = $1 AND follow_up_id = $2",
        "subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal";
    NOTICES = "notice" ["subject_id" Bytes, "notice_id" Bytes] 0 SLICE
        walk AUDIT_NOTICES "(subject_id, notice_id) > ($1, $2) ORDER BY subject_id, notice_id" "$3",
        find AUDIT_NOTICE "subject_id = $1 AND notice_id = $2",
        "subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, line, sealed, seal";
    CHANNELS = "channel" ["subject_id" Bytes, "channel_id" Bytes] 0 SLICE
        walk AUDIT_CHANNELS "(subject_id, channel_id) > ($1, $2) ORDER BY subject_id, channel_id" "$3",
        find AUDIT_CHANNEL "subject_id = $1 AND channel_id = $2",
        "subject_id, channel_id, kind, stage, added_us, proven_us, line, sealed, seal";
    OFFICE_NOTICES = "office_notice" ["authority" Text, "notice_id" Bytes] 0 SLICE
        walk AUDIT_OFFICE_NOTICES "(authority, notice_id) > ($1, $2) ORDER BY authority, notice_id" "$3",
        find AUDIT_OFFICE_NOTICE "authority = $1 AND notice_id = $2",
        "authority, notice_id, kind, record_id, version, case_no, made_us";
    COMPLAINTS = "complaint" ["subject_id" Bytes, "complaint_id" Bytes] 0 SLICE
        walk AUDIT_COMPLAINTS "(subject_id, complaint_id) > ($1, $2) ORDER BY subject_id, complaint_id" "$3",
        find AUDIT_COMPLAINT "subject_id = $1 AND complaint_id = $2",
        "subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal";
    PUBLICATIONS = "publication" ["subject_id" Bytes, "record_id" Bytes] 0 SLICE
        walk AUDIT_PUBLICATIONS "(subject_id, record_id) > ($1, $2) ORDER BY subject_id, record_id" "$3",
        find AUDIT_PUBLICATION "subject_id = $1 AND record_id = $2", "subject_id, record_id, version, confirmed_us, line, sealed, seal";
}

/// A version as a leaf of its submission's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionLeaf {
    /// Order in the tree.
    pub leaf: Cell,
    /// Commitment.
    pub commitment: Hash,
    /// Subject, record and version.
    pub key: String,
}

pub(crate) fn cells(row: Row<'_>, count: usize) -> Result<Vec<Cell>, StoreError> {
    (0..count).map(|at| cell(row, at)).collect()
}

pub(crate) fn cell(row: Row<'_>, at: usize) -> Result<Cell, StoreError> {
    Ok(match row.cell(at)? {
        CellRef::Null => Cell::Null,
        CellRef::Int(number) => Cell::Int(number),
        CellRef::Real(number) => Cell::Bytes(number.to_be_bytes().to_vec()),
        CellRef::Text(text) => Cell::Text(text.to_owned()),
        CellRef::Bytes(bytes) | CellRef::Foreign(bytes) => Cell::Bytes(bytes.to_vec()),
    })
}

pub(crate) fn values_of(cells: &[Cell]) -> Vec<Value<'_>> {
    cells.iter().map(Given::value).collect()
}

impl View<'_> {
    /// The slice of a table behind `after`, or its first one.
    ///
    /// # Errors
    /// The engine's.
    pub fn table_rows(&self, table: &Table, after: Option<&[Cell]>) -> Result<Vec<Vec<Cell>>, StoreError> {
        let mut values: Vec<Cell> = match after {
            Some(row) => row[..table.keys].to_vec(),
            None => table.first.iter().map(|start| start.cell()).collect(),
        };
        values.push(Cell::Int(table.slice));
        self.link.rows(table.walk, &values_of(&values), |row| cells(row, row.len()))
    }

    /// One row of a table by its key.
    ///
    /// # Errors
    /// The engine's.
    pub fn table_row(&self, table: &Table, key: &[Cell]) -> Result<Option<Vec<Cell>>, StoreError> {
        self.link.first(table.find, &values_of(key), |row| cells(row, row.len()))
    }

    /// Versions behind a key, by subject, record and version.
    ///
    /// # Errors
    /// The engine's; [`StoreError::Engine`] too where a column holds what none of ours ever does.
    pub fn audit_versions(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        version: i64,
        limit: i64,
    ) -> Result<Vec<VersionRow>, StoreError> {
        self.link.rows(&AUDIT_VERSIONS, values![subject, record, version, limit], |row| {
            Ok(VersionRow {
                subject_id: row.get(0)?,
                record_id: row.get(1)?,
                version: row.get(2)?,
                body_version: row.get(3)?,
                cause: row.get(4)?,
                submission_id: row.get(5)?,
                leaf: row.get(6)?,
                row_no: row.get(7)?,
                item: row.get(8)?,
                authority: row.get(9)?,
                subject_kind: row.get(10)?,
                severity: row.get(11)?,
                decided_on: row.get(12)?,
                display_from: row.get(13)?,
                display_until: row.get(14)?,
                state: row.get(15)?,
                needs_release: row.get(16)?,
                source_time: row.get(17)?,
                layout_id: row.get(18)?,
                digest: row.get(19)?,
                salt: row.get(20)?,
                commitment: row.get(21)?,
                body: row.get(22)?,
            })
        })
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_entries(&self) -> Result<i64, StoreError> {
        self.audit_count(&AUDIT_ENTRY_COUNT)
    }

    /// How many versions there are.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_version_count(&self) -> Result<i64, StoreError> {
        self.audit_count(&AUDIT_VERSION_COUNT)
    }

    pub(crate) fn audit_count(&self, statement: &Statement) -> Result<i64, StoreError> {
        self.link.one(statement, &[], |row| row.get(0))
    }

    /// Level and part of tiles of the log behind one.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_log_tiles(&self, after: (i64, i64), limit: i64) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.audit_list(&AUDIT_LOG_TILES, &[Cell::Int(after.0), Cell::Int(after.1), Cell::Int(limit)], 2)
    }

    /// Names of the logs that have a head: one at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_heads(&self) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.audit_list(&AUDIT_HEADS, &[], 1)
    }

    /// Submission, level and part of tiles of submissions behind one.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_submission_tiles(&self, after: (i64, i64, i64), limit: i64) -> Result<Vec<Vec<Cell>>, StoreError> {
        let values = [Cell::Int(after.0), Cell::Int(after.1), Cell::Int(after.2), Cell::Int(limit)];
        self.audit_list(&AUDIT_SUBMISSION_TILES, &values, 3)
    }

    /// Any version that a submission has, by its key.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_version_of(&self, submission: i64) -> Result<Option<Vec<Cell>>, StoreError> {
        Ok(self.audit_list(&AUDIT_SUBMISSION_HAS, &[Cell::Int(submission)], 3)?.pop())
    }

    /// Repeats of records that name no submission.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_source_seen(&self, limit: i64) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.audit_list(&AUDIT_SOURCE_SEEN, &[Cell::Int(limit)], 3)
    }

    /// Subjects that no document leads to.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_undocumented(&self, limit: i64) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.audit_list(&AUDIT_UNDOCUMENTED, &[Cell::Int(limit)], 1)
    }

    /// Subjects that more than one document leads to.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_documented_twice(&self, limit: i64) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.audit_list(&AUDIT_DOCUMENTED_TWICE, &[Cell::Int(limit)], 1)
    }

    fn audit_list(&self, text: &Statement, values: &[Cell], count: usize) -> Result<Vec<Vec<Cell>>, StoreError> {
        self.link.rows(text, &values_of(values), |row| cells(row, count))
    }

    /// Calls `each` with the versions of a submission, in the order of its tree. In slices, so that `each` may read too.
    ///
    /// # Errors
    /// The engine's, and those of `each`.
    pub fn audit_submission<E: From<StoreError>>(
        &self,
        id: i64,
        mut each: impl FnMut(SubmissionLeaf) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after =
            vec![Cell::Int(i64::MIN), Cell::Bytes(Vec::new()), Cell::Bytes(Vec::new()), Cell::Int(i64::MIN)];
        loop {
            let slice = Cell::Int(SLICE);
            let values: Vec<&Cell> = after.iter().chain([&slice]).collect();
            let values: Vec<Value<'_>> =
                std::iter::once(Value::Int(id)).chain(values.into_iter().map(Given::value)).collect();
            let rows = self.link.rows(&AUDIT_SUBMISSION_LEAVES, &values, |row| cells(row, 5))?;
            let full = rows.len() as i64 == SLICE;
            for row in &rows {
                let commitment = match &row[4] {
                    Cell::Bytes(bytes) => bytes.as_slice().try_into().unwrap_or([0; 32]),
                    _ => [0; 32],
                };
                let key = format!("{}/{}/{}", row[1], row[2], row[3]);
                each(SubmissionLeaf { leaf: row[0].clone(), commitment, key })?;
            }
            let Some(mut last) = rows.into_iter().next_back().filter(|_| full) else { return Ok(()) };
            last.truncate(4);
            after = last;
        }
    }

    /// Calls `each` with what an acceptance says of the refused rows of a submission, in order: the row's number first.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_refused(&self, id: i64, each: impl FnMut(&[Cell])) -> Result<(), StoreError> {
        self.audit_each(&AUDIT_REFUSALS, id, 3, each)
    }

    /// The same of its held rows.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_held(&self, id: i64, each: impl FnMut(&[Cell])) -> Result<(), StoreError> {
        self.audit_each(&AUDIT_HELD, id, 5, each)
    }

    /// The same of the records that its file held.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_members(&self, id: i64, each: impl FnMut(&[Cell])) -> Result<(), StoreError> {
        self.audit_each(&AUDIT_MEMBERS_OF, id, 2, each)
    }

    fn audit_each(
        &self,
        text: &Statement,
        id: i64,
        count: usize,
        mut each: impl FnMut(&[Cell]),
    ) -> Result<(), StoreError> {
        self.link.each(text, values![id], |row| {
            each(&cells(row, count)?);
            Ok(())
        })
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<const N: usize> From<&[u8; N]> for Cell {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}
