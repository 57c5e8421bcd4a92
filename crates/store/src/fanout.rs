//! Statements that cannot name a subject: work lists, deadlines, ends of submissions. Each says why, and its bound.

use crate::account::{self, AccountRow, RightRow};
use crate::client::{self, ClientRow};
use crate::complaint::{self, ComplaintFigures, ComplaintRow};
use crate::held::HeldRow;
use crate::issuer::{self, IdentityRow, IssuerRow};
use crate::log_tree::LogLeaf;
use crate::notice::{self, NoticeDue, NoticeRow};
use crate::proceeding::{self, FollowUpRow, ProceedingRow};
use crate::publication::{PublicCandidate, PublicOf};
use crate::record::{ChangedRecord, EndedRecord};
use crate::submission::SubmissionRow;
use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

/// Number of natural persons among kinds of subject.
const PERSON: i64 = 1;

/// The index over persons' versions, as the one over others of migration 0020.
pub(crate) const PERSONS_PUBLIC: &str = "CREATE INDEX IF NOT EXISTS version_public_person ON version \
    (item, decided_on, subject_id, record_id, authority, severity, display_from, display_until) WHERE state = 1 AND subject_kind = 1";

crate::statements! {
    // The identity clerk's work list, by deadline. Bound: $2 rows by the index held_waiting.
    HELD_LIST = "SELECT h.held_id, h.submission_id, h.row_no, h.reason, h.sealed, h.layout_id, h.delete_after, h.state, s.authority, \
        s.item, h.evidence, h.decided_by FROM held h JOIN submission s ON s.submission_id = h.submission_id \
        WHERE h.state = 1 AND h.held_id > $1 AND s.state = 2 ORDER BY h.delete_after, h.held_id LIMIT $2";
    // Held rows at their deadline. Bound: what is due, by the index held_waiting.
    HELD_DUE = "UPDATE held SET state = 4, sealed = NULL, decided_at_us = $2 WHERE state = 1 AND delete_after < $1";
    // Sealed rows of refusals at their deadline. Bound: refusals, which live 30 days.
    REFUSAL_DUE = "UPDATE refusal SET sealed = NULL WHERE delete_after < $1 AND sealed IS NOT NULL";
    // Submission keys that seal nothing any more. Bound: submissions of 30 days.
    SUBMISSION_WITH_SEALED = "SELECT DISTINCT submission_id FROM refusal WHERE sealed IS NOT NULL \
        UNION SELECT DISTINCT submission_id FROM held WHERE sealed IS NOT NULL ORDER BY submission_id";
    // The credit office's list. Bound: $2 rows.
    SUBMISSION_LIST = "SELECT submission_id, authority, item, file_name, file_sha256, settings, state, opened_at_us, \
        accepted_at_us, needs_release, released_at_us, released_by, sent_by, reason, row_count, version_count, root, summary, \
        receipt FROM submission WHERE submission_id > $1 ORDER BY submission_id LIMIT $2";
    // Whether a file is being taken in, before a subject is forgotten. Bound: one scan of submissions, of which a city has some thousand a year.
    SUBMISSION_OPEN_ANY = "SELECT 1 FROM submission WHERE state = 1 LIMIT 1";
    // The credit office's pages, the newest first. Bound: $2 rows by the primary key.
    SUBMISSION_BEFORE = "SELECT submission_id, authority, item, file_name, file_sha256, settings, state, opened_at_us, \
        accepted_at_us, needs_release, released_at_us, released_by, sent_by, reason, row_count, version_count, root, summary, \
        receipt FROM submission WHERE submission_id < $1 ORDER BY submission_id DESC LIMIT $2";
    // How many of the new records of a submission were decided on a day or after. Bound: one submission, by version_of_submission.
    SUBMISSION_IN_TIME = "SELECT count(*), CAST(coalesce(sum(CASE WHEN decided_on >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) \
        FROM version WHERE submission_id = $1 AND version = 1";
    // What jobs wait, by kind: how many, how many are due, how many were given up ($1). Bound: one scan of what waits.
    JOB_QUEUE = "SELECT kind, count(*), CAST(coalesce(sum(CASE WHEN due_us <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN due_us = $1 THEN 1 ELSE 0 END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN problem <> '' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM job GROUP BY kind ORDER BY kind";
    // How proceedings ended that were closed within some days. Bound: one scan of proceedings, which are few beside records.
    PROCEEDING_OUTCOMES = "SELECT kind, state, count(*) FROM proceeding WHERE closed_on >= $1 AND closed_on < $2 \
        GROUP BY kind, state ORDER BY kind, state";
    // The same of complaints. Bound: one scan of complaints, which are fewer.
    COMPLAINT_OUTCOMES = "SELECT state, count(*) FROM complaint WHERE closed_on >= $1 AND closed_on < $2 GROUP BY state ORDER BY state";
    // Everything that a submission brought, in the order of its tree. Bound: one submission, by version_of_submission.
    SUBMISSION_LEAVES = "SELECT commitment FROM version WHERE submission_id = $1 ORDER BY leaf";
    // Place of a version in its submission's tree. Bound: the last leaf by the index; the count only where leaves have gaps.
    SUBMISSION_LEAF_LAST = "SELECT max(leaf) FROM version WHERE submission_id = $1";
    SUBMISSION_LEAF_RANK = "SELECT count(*) FROM version WHERE submission_id = $1 AND leaf < $2";
    // What one entry of a change of the catalogue anchors. Bound: 500 versions, by the index version_of_catalogue.
    CATALOGUE_VERSIONS = "SELECT commitment FROM version WHERE row_no = $1 AND submission_id = 0 AND cause = 3 ORDER BY leaf";
    SUBMISSION_KEYS = "SELECT subject_id, record_id, version FROM version WHERE submission_id = $1 ORDER BY leaf";
    // Removing an abandoned submission. Bound: one submission, by version_of_submission.
    SUBMISSION_VERSIONS_REMOVE = "DELETE FROM version WHERE submission_id = $1";
    // Subjects that only a submission without effect named. Bound: one submission; a scan, as above.
    SUBJECTS_OF_SUBMISSION = "SELECT u.subject_id FROM subject u WHERE u.submission_id = $1 AND NOT EXISTS \
        (SELECT 1 FROM version v LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.subject_id = u.subject_id AND v.submission_id <> $1 AND (v.submission_id = 0 OR s.state IN (1, 2))) ORDER BY u.subject_id";
    SUBJECT_DOCUMENTS_OF_REMOVED = "DELETE FROM subject_document WHERE subject_id IN \
        (SELECT u.subject_id FROM subject u WHERE u.submission_id = $1 AND NOT EXISTS \
        (SELECT 1 FROM version v LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.subject_id = u.subject_id AND v.submission_id <> $1 AND (v.submission_id = 0 OR s.state IN (1, 2))))";
    SUBJECTS_REMOVE = "DELETE FROM subject WHERE submission_id = $1 AND NOT EXISTS \
        (SELECT 1 FROM version v LEFT JOIN submission s ON s.submission_id = v.submission_id \
        WHERE v.subject_id = subject.subject_id AND v.submission_id <> $1 AND (v.submission_id = 0 OR s.state IN (1, 2)))";
    // Whether anybody, and any lock, is here at all: where none is, a whole import is spared its look-ups. Bound: one row.
    SUBJECT_ANY = "SELECT 1 FROM subject LIMIT 1";
    LOCK_ANY = "SELECT 1 FROM record_lock LIMIT 1";
    // Rotation of the index key walks every document once. Bound: all documents, in slices of $3 behind tag $2.
    SUBJECT_DOCUMENT_WALK = "SELECT tag, subject_id, kind, sealed, key_version FROM subject_document \
        WHERE key_version < $1 AND tag > $2 ORDER BY tag LIMIT $3";
    // Forgetting a subject, and asking first whose documents they are. Bound: an index on each node, a handful of rows.
    SUBJECT_FORGET_DOCUMENTS = "DELETE FROM subject_document WHERE subject_id = $1";
    SUBJECT_DOCUMENTS = "SELECT kind, sealed FROM subject_document WHERE subject_id = $1 ORDER BY tag";
    // Records of an item whose display ended before a day: what the daily round may have to destroy. Bound: $6 rows by the index version_ended.
    VERSION_ENDED = "SELECT display_until, subject_id, record_id FROM version WHERE item = $1 AND display_until IS NOT NULL AND state <> 3 \
        AND display_until >= $2 AND (display_until, subject_id, record_id) > ($2, $3, $4) AND display_until < $5 \
        ORDER BY display_until, subject_id, record_id LIMIT $6";
    // What may be published of an item about a kind of subject, the newest decision first: everybody's page names nobody. Bound: $8 rows by the index
    // version_public, which is ordered as the page is; where an authority is asked for, at most the entries of the index of that item and kind.
    VERSION_PUBLIC = "SELECT decided_on, subject_id, record_id FROM version WHERE item = $1 AND subject_kind = $2 AND subject_kind <> 1 AND state = 1 AND severity >= $3 \
        AND display_from <= $4 AND (display_until IS NULL OR display_until > $4) AND decided_on <= $5 \
        AND (decided_on, subject_id, record_id) < ($5, $6, $7) ORDER BY decided_on DESC, subject_id DESC, record_id DESC LIMIT $8";
    VERSION_PUBLIC_OF = "SELECT decided_on, subject_id, record_id FROM version WHERE item = $1 AND subject_kind = $2 AND subject_kind <> 1 AND state = 1 AND severity >= $3 \
        AND display_from <= $4 AND (display_until IS NULL OR display_until > $4) AND decided_on <= $5 AND authority = $9 \
        AND (decided_on, subject_id, record_id) < ($5, $6, $7) ORDER BY decided_on DESC, subject_id DESC, record_id DESC LIMIT $8";
    // The same of persons, whom the shipped rules publish nowhere: an index over them would cost every import, so it is made when a catalogue first has
    // them published (PERSONS_PUBLIC). Bound: as above.
    VERSION_PUBLIC_PERSON = "SELECT decided_on, subject_id, record_id FROM version WHERE item = $1 AND subject_kind = 1 AND state = 1 AND severity >= $2 \
        AND display_from <= $3 AND (display_until IS NULL OR display_until > $3) AND decided_on <= $4 \
        AND (decided_on, subject_id, record_id) < ($4, $5, $6) ORDER BY decided_on DESC, subject_id DESC, record_id DESC LIMIT $7";
    VERSION_PUBLIC_PERSON_OF = "SELECT decided_on, subject_id, record_id FROM version WHERE item = $1 AND subject_kind = 1 AND state = 1 AND severity >= $2 \
        AND display_from <= $3 AND (display_until IS NULL OR display_until > $3) AND decided_on <= $4 AND authority = $8 \
        AND (decided_on, subject_id, record_id) < ($4, $5, $6) ORDER BY decided_on DESC, subject_id DESC, record_id DESC LIMIT $7";
    // A change of the catalogue walks the records of changed items. Bound: all versions, in slices of $2.
    VERSION_WALK = "SELECT subject_id, record_id, max(version) FROM version WHERE (subject_id, record_id) > ($1, $2) \
        GROUP BY subject_id, record_id ORDER BY subject_id, record_id LIMIT $3";
    // How many records an item has, for the impact of a change of law. Bound: all versions; an act before a law takes effect.
    VERSION_COUNT_BY_ITEM = "SELECT item, count(*) FROM version WHERE version = 1 GROUP BY item ORDER BY item";
    // What waits for its place in the tree. Bound: $1 rows by the index log_unsequenced.
    LOG_UNSEQUENCED = "SELECT subject_id, number, at_us, commitment FROM log_entry WHERE leaf_index IS NULL \
        ORDER BY at_us, subject_id, number LIMIT $1";
    // The tree is built in the order of its leaves, which are spread by their places. Bound: $2 rows by the primary key.
    LOG_LEAF_LIST = "SELECT leaf_index, subject_id, number, commitment FROM log_leaf WHERE leaf_index >= $1 \
        ORDER BY leaf_index LIMIT $2";
    // How many there are. Bound: the end of the primary key, on each node.
    LOG_LEAF_LAST = "SELECT max(leaf_index) FROM log_leaf";
    // Whom hidden entries concern whose day has come. Bound: one scan of a small table, once a day.
    LOG_HIDDEN_SUBJECTS = "SELECT DISTINCT subject_id FROM log_hidden WHERE revealed IS NULL AND reveal_on <= $1 ORDER BY subject_id";
    // Verifying walks every entry, chain by chain. Bound: the log, in slices of $3.
    LOG_WALK = "SELECT number, at_us, operation, caller, detail, salt, previous, commitment, leaf_index, subject_id FROM log_entry \
        WHERE (subject_id, number) > ($1, $2) ORDER BY subject_id, number LIMIT $3";
    // Jobs that are due, whoever they are about. Bound: $2 rows by the index job_due.
    JOB_CANDIDATES = "SELECT subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem FROM job \
        WHERE due_us <= $1 AND lease_until_us < $1 ORDER BY due_us, subject_id, job_id LIMIT $2";
    // The operator's list. Bound: $1 rows by the index job_due.
    JOB_LIST = "SELECT subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem FROM job \
        ORDER BY due_us, subject_id, job_id LIMIT $1";
    // What could not be handed over and waits for an operator. Bound: $3 rows by the index job_due.
    JOB_DEAD = "SELECT subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem FROM job \
        WHERE due_us = $1 AND kind = $2 ORDER BY subject_id, job_id LIMIT $3";
    // The same of one, by its id alone: the operator is told nobody's. Bound: one row by the index job_due.
    JOB_REVIVE = "UPDATE job SET due_us = $3, attempts = 0, problem = '' WHERE due_us = $1 AND job_id = $2 AND lease_until_us = 0";
    // Of which adverse records a submission brought the persons are told. Bound: $3 rows by the index version_of_submission.
    NOTICE_DUE = "SELECT subject_id, record_id, version, leaf FROM version WHERE submission_id = $1 AND leaf > $2 AND needs_release = 1 \
        AND state = 1 ORDER BY leaf LIMIT $3";
    // Which records that were there a submission changed or withdrew, of those about whom a window ever asked. Bound: one submission, by the index
    // version_of_submission, and of each changed one the entries of its subject until the first check; a worker's reading, in no transaction that writes.
    VERSION_CHANGED = "SELECT v.subject_id, v.record_id, v.leaf FROM version v WHERE v.submission_id = $1 AND v.leaf > $2 AND v.needs_release = $3 \
        AND v.version > 1 AND EXISTS (SELECT 1 FROM log_entry l WHERE l.subject_id = v.subject_id AND l.operation = 'check_answer') \
        ORDER BY v.leaf LIMIT $4";
    // An authority's letters to be served. Bound: $2 rows by the index notice_undelivered.
    NOTICE_UNDELIVERED = "SELECT subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, line, \
        sealed, seal FROM notice WHERE authority = $1 AND delivery = 0 ORDER BY made_us, notice_id LIMIT $2";
    // A letter by its number: whoever serves it is told nobody's id. Bound: one row by the index notice_by_id.
    NOTICE_ANYWHERE = "SELECT subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, line, \
        sealed, seal FROM notice WHERE notice_id = $1 ORDER BY subject_id LIMIT 1";
    // The administrator's list of staff. Bound: $2 rows by the primary key; staff are few beside persons.
    ACCOUNT_STAFF = "SELECT account_id, kind, state, subject_id, sealed, opened_us, opened_by FROM account \
        WHERE kind = 1 AND account_id > $1 ORDER BY account_id LIMIT $2";
    // Whether anybody administers the installation: asked for the first one, and before one goes. Bound: one scan of rights.
    RIGHT_ADMINISTRATORS = "SELECT account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal, last_used_on \
        FROM account_right WHERE role = 'administrator' AND ended_us IS NULL ORDER BY account_id";
    // Sessions and attempts that are over, deleted by the daily round. Bound: one scan of each.
    SESSION_OVER = "DELETE FROM session WHERE ends_us < $1";
    THROTTLE_OVER = "DELETE FROM throttle WHERE last_us < $1 AND known_us < $1";
    // The same of machines, and answers whose day is over. Bound: one scan of each.
    CLIENT_TOKEN_OVER = "DELETE FROM client_token WHERE ends_us < $1";
    CLIENT_ASSERTION_OVER = "DELETE FROM client_assertion WHERE expires_us < $1";
    IDEMPOTENCY_OVER = "DELETE FROM idempotency WHERE expires_us < $1";
    // Who was sent to an issuer and did not come back, and passkeys that did not answer. Bound: one scan of each.
    SIGN_IN_OVER = "DELETE FROM sign_in WHERE expires_us < $1";
    // What was begun by an issuer, when it is set or removed: an act of a few times a year. Bound: one scan of each.
    SESSIONS_OF_ISSUER_REMOVE = "DELETE FROM session WHERE issuer = $1";
    SIGN_INS_OF_ISSUER_REMOVE = "DELETE FROM sign_in WHERE issuer = $1";
    CEREMONY_OVER = "DELETE FROM ceremony WHERE expires_us < $1";
    // To whom an account is linked, when it is closed, recovered or linked anew. Bound: an index on each node, a handful of rows.
    IDENTITIES_OF = "SELECT identity_tag, account_id, issuer, linked_us, linked_by, seal FROM account_identity \
        WHERE account_id = $1 ORDER BY identity_tag";
    // The list of issuers, of which a city has a handful. Bound: one scan.
    ISSUER_LIST = "SELECT name, terms, secret, set_us, set_by, ended_us, ended_by, seal FROM issuer ORDER BY name LIMIT $1";
    // The list of machines, of which a city has some dozens. Bound: $2 rows by the primary key.
    CLIENT_LIST = "SELECT client_id, name, authority, role, scopes, opened_us, opened_by, ended_us, ended_by, seal, last_used_on \
        FROM client WHERE client_id > $1 ORDER BY client_id LIMIT $2";
    // An authority's work list, what is due first. Bound: $2 rows by the index proceeding_waiting.
    PROCEEDING_WORK = "SELECT subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, \
        stated, line, sealed, seal FROM proceeding WHERE authority = $1 AND waits > 0 \
        ORDER BY CASE WHEN due_on IS NULL THEN 1 ELSE 0 END, due_on, filed_us, subject_id, proceeding_id LIMIT $2";
    // What waits for somebody, of every authority: an identity clerk's list ($1 and $2 = 2), the credit office's (1 and 3: what an authority owes, and
    // what it asked the person for meanwhile). Bound: what is open, by the partial index proceeding_waiting.
    PROCEEDING_WAITING = "SELECT subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, \
        stated, line, sealed, seal FROM proceeding WHERE waits > 0 AND (waits = $1 OR waits = $2) \
        ORDER BY CASE WHEN due_on IS NULL THEN 1 ELSE 0 END, due_on, filed_us, subject_id, proceeding_id LIMIT $3";
    // What passed its last day and was not told yet. Bound: $2 rows of what is due, by the index proceeding_due.
    PROCEEDING_OVERDUE = "SELECT subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, \
        stated, line, sealed, seal FROM proceeding WHERE waits > 0 AND told_on IS NULL AND due_on < $1 \
        ORDER BY due_on, subject_id, proceeding_id LIMIT $2";
    // How authorities answer. Bound: one scan of proceedings, which are few beside records.
    PROCEEDING_FIGURES = "SELECT authority, kind, count(*), CAST(coalesce(sum(CASE WHEN closed_on IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN late_days > 0 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(late_days), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN waits > 0 AND due_on < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) \
        FROM proceeding GROUP BY authority, kind ORDER BY authority, kind";
    // Complaints that wait, of every authority, what is due first. Bound: $1 rows by the partial index complaint_waiting.
    COMPLAINT_WORK = "SELECT subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal \
        FROM complaint WHERE waits > 0 ORDER BY due_on, filed_us, subject_id, complaint_id LIMIT $1";
    // Those about one authority and those that it supervises, for its decider. Bound: what is open, by the same index.
    COMPLAINT_ABOUT = "SELECT subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal \
        FROM complaint WHERE waits > 0 AND (authority = $1 OR authority IN (SELECT s.authority FROM supervision s WHERE s.supervisor = $1)) \
        ORDER BY due_on, filed_us, subject_id, complaint_id LIMIT $2";
    // Those handed over to authorities: to which stands sealed. Bound: what is open, by the same index; the credit office hands over few.
    COMPLAINT_REFERRED = "SELECT subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal \
        FROM complaint WHERE waits > 1 ORDER BY due_on, filed_us, subject_id, complaint_id LIMIT $1";
    // What passed its last day and was not told yet. Bound: $2 rows of what is due, by the same index.
    COMPLAINT_OVERDUE = "SELECT subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal \
        FROM complaint WHERE waits > 0 AND told_on IS NULL AND due_on < $1 ORDER BY due_on, subject_id, complaint_id LIMIT $2";
    // How complaints are answered, by the authority complained of. Bound: one scan of complaints, which are few beside records.
    COMPLAINT_FIGURES = "SELECT authority, count(*), CAST(coalesce(sum(CASE WHEN closed_on IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN state = 'upheld' THEN 1 ELSE 0 END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN late_days > 0 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(late_days), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN waits > 0 AND due_on < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) \
        FROM complaint GROUP BY authority ORDER BY authority";
    // What an authority was told about records that it was shown. Bound: $2 rows by the index follow_up_open.
    FOLLOW_UP_WORK = "SELECT subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal FROM follow_up \
        WHERE authority = $1 AND state <= 2 ORDER BY state DESC, told_us, subject_id, follow_up_id LIMIT $2";
    // Where a report number leads is only asked at the console, by the office that withdraws it. Bound: one scan.
    REPORT_BY_NUMBER = "SELECT subject_id, report_id FROM report WHERE number = $1 ORDER BY subject_id LIMIT 1";
}

/// A document as rotation reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentToRotate {
    /// Tag under the old key.
    pub tag: [u8; 16],
    /// Whose it is.
    pub subject_id: [u8; 16],
    /// Kind of document.
    pub kind: i64,
    /// Number and name, sealed.
    pub sealed: Vec<u8>,
    /// Version of the old key.
    pub key_version: i64,
}

/// How an authority answers proceedings of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProceedingFigures {
    /// Code of the authority.
    pub authority: String,
    /// 1 objection, 2 “this is not me”, 3 repair.
    pub kind: i64,
    /// How many were filed.
    pub filed: i64,
    /// How many of them are closed.
    pub closed: i64,
    /// In how many of them a step came late.
    pub late: i64,
    /// By how many days in all.
    pub late_days: i64,
    /// How many are overdue now.
    pub overdue: i64,
}

/// Jobs of a kind that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// What is to be done.
    pub kind: String,
    /// How many wait.
    pub waiting: i64,
    /// How many of them are due.
    pub due: i64,
    /// How many were given up.
    pub dead: i64,
    /// How many failed the last time that they were tried.
    pub failing: i64,
}

/// Subject and report.
pub type ReportKey = ([u8; 16], [u8; 16]);

/// Subject, record and newest version.
pub type RecordHead = ([u8; 16], [u8; 16], i64);

impl View<'_> {
    /// What waits at an authority, what is due first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_work(&self, authority: &str, limit: i64) -> Result<Vec<ProceedingRow>, StoreError> {
        self.link.rows(&PROCEEDING_WORK, values![authority, limit], proceeding::read)
    }

    /// What waits for the authority (1), an identity clerk (2) or the person (3), of every authority, what is due first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceedings_waiting(&self, waits: [i64; 2], limit: i64) -> Result<Vec<ProceedingRow>, StoreError> {
        self.link.rows(&PROCEEDING_WAITING, values![waits[0], waits[1], limit], proceeding::read)
    }

    /// What passed its last day before `today` and was not told yet, the oldest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceedings_overdue(&self, today: i32, limit: i64) -> Result<Vec<ProceedingRow>, StoreError> {
        self.link.rows(&PROCEEDING_OVERDUE, values![today, limit], proceeding::read)
    }

    /// How authorities answer, by authority and kind.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_figures(&self, today: i32) -> Result<Vec<ProceedingFigures>, StoreError> {
        self.link.rows(&PROCEEDING_FIGURES, values![today], |row| {
            Ok(ProceedingFigures {
                authority: row.get(0)?,
                kind: row.get(1)?,
                filed: row.get(2)?,
                closed: row.get(3)?,
                late: row.get(4)?,
                late_days: row.get(5)?,
                overdue: row.get(6)?,
            })
        })
    }

    /// Complaints that wait for an authority to which they were handed over, of every one, what is due first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaints_referred(&self, limit: i64) -> Result<Vec<ComplaintRow>, StoreError> {
        self.link.rows(&COMPLAINT_REFERRED, values![limit], complaint::read)
    }

    /// Complaints that wait, of every authority, or about one and those that it supervises, what is due first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaint_work(&self, authority: Option<&str>, limit: i64) -> Result<Vec<ComplaintRow>, StoreError> {
        match authority {
            None => self.link.rows(&COMPLAINT_WORK, values![limit], complaint::read),
            Some(authority) => self.link.rows(&COMPLAINT_ABOUT, values![authority, limit], complaint::read),
        }
    }

    /// Complaints whose last day passed before `today` and was not told yet, the oldest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaints_overdue(&self, today: i32, limit: i64) -> Result<Vec<ComplaintRow>, StoreError> {
        self.link.rows(&COMPLAINT_OVERDUE, values![today, limit], complaint::read)
    }

    /// How complaints are answered, by the authority complained of.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaint_figures(&self, today: i32) -> Result<Vec<ComplaintFigures>, StoreError> {
        self.link.rows(&COMPLAINT_FIGURES, values![today], |row| {
            Ok(ComplaintFigures {
                authority: row.get(0)?,
                filed: row.get(1)?,
                closed: row.get(2)?,
                upheld: row.get(3)?,
                late: row.get(4)?,
                late_days: row.get(5)?,
                overdue: row.get(6)?,
            })
        })
    }

    /// What an authority was told about records that it was shown, what it must answer first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn follow_up_work(&self, authority: &str, limit: i64) -> Result<Vec<FollowUpRow>, StoreError> {
        self.link.rows(&FOLLOW_UP_WORK, values![authority, limit], proceeding::read_follow_up)
    }

    /// Held rows that wait, by deadline.
    ///
    /// # Errors
    /// The engine's.
    pub fn held_list(&self, after: i64, limit: i64) -> Result<Vec<HeldRow>, StoreError> {
        self.link.rows(&HELD_LIST, values![after, limit], crate::held::read)
    }

    /// Submissions by number.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_list(&self, after: i64, limit: i64) -> Result<Vec<SubmissionRow>, StoreError> {
        self.link.rows(&SUBMISSION_LIST, values![after, limit], crate::submission::read)
    }

    /// Submissions before a number, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn submissions_before(&self, before: i64, limit: i64) -> Result<Vec<SubmissionRow>, StoreError> {
        self.link.rows(&SUBMISSION_BEFORE, values![before, limit], crate::submission::read)
    }

    /// How many records a submission brought that were new, and how many of them were decided on `since` (days since 1970-01-01) or after.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_in_time(&self, submission: i64, since: i32) -> Result<(i64, i64), StoreError> {
        self.link.one(&SUBMISSION_IN_TIME, values![submission, since], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Jobs that wait, by kind.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_queue(&self, now_us: i64) -> Result<Vec<QueueRow>, StoreError> {
        self.link.rows(&JOB_QUEUE, values![crate::job::NEVER_US, now_us], |row| {
            let (kind, waiting, due) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(QueueRow { kind, waiting, due, dead: row.get(3)?, failing: row.get(4)? })
        })
    }

    /// Kind, state and number of proceedings that were closed from one day to before another (days since 1970-01-01).
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_outcomes(&self, from: i32, until: i32) -> Result<Vec<(i64, String, i64)>, StoreError> {
        self.link.rows(&PROCEEDING_OUTCOMES, values![from, until], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// State and number of complaints that were closed from one day to before another.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaint_outcomes(&self, from: i32, until: i32) -> Result<Vec<(String, i64)>, StoreError> {
        self.link.rows(&COMPLAINT_OUTCOMES, values![from, until], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Submissions that still have sealed rows, whose keys are therefore needed.
    ///
    /// # Errors
    /// The engine's.
    pub fn submissions_with_sealed_rows(&self) -> Result<Vec<i64>, StoreError> {
        self.link.rows(&SUBMISSION_WITH_SEALED, &[], |row| row.get(0))
    }

    /// Subjects that nothing but this submission named.
    ///
    /// # Errors
    /// The engine's.
    pub fn subjects_only_of_submission(&self, submission: i64) -> Result<Vec<[u8; 16]>, StoreError> {
        self.link.rows(&SUBJECTS_OF_SUBMISSION, values![submission], |row| row.get(0))
    }

    /// Documents behind tag `after` whose tags are of an older index key than `version`.
    ///
    /// # Errors
    /// The engine's.
    pub fn documents_to_rotate(
        &self,
        version: i64,
        after: &[u8; 16],
        limit: i64,
    ) -> Result<Vec<DocumentToRotate>, StoreError> {
        self.link.rows(&SUBJECT_DOCUMENT_WALK, values![version, after, limit], |row| {
            Ok(DocumentToRotate {
                tag: row.get(0)?,
                subject_id: row.get(1)?,
                kind: row.get(2)?,
                sealed: row.get(3)?,
                key_version: row.get(4)?,
            })
        })
    }

    /// Records behind (`subject`, `record`), in order.
    ///
    /// # Errors
    /// The engine's.
    pub fn records_walk(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        limit: i64,
    ) -> Result<Vec<RecordHead>, StoreError> {
        self.link
            .rows(&VERSION_WALK, values![subject, record, limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Jobs that are due and that nobody has, oldest first: whoever wants one claims it.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_candidates(&self, now_us: i64, limit: i64) -> Result<Vec<crate::job::JobRow>, StoreError> {
        self.link.rows(&JOB_CANDIDATES, values![now_us, limit], crate::job::read)
    }

    /// Jobs that wait, oldest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_list(&self, limit: i64) -> Result<Vec<crate::job::JobRow>, StoreError> {
        self.link.rows(&JOB_LIST, values![limit], crate::job::read)
    }

    /// Jobs of a kind that were given up, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn jobs_dead(&self, kind: &str, limit: i64) -> Result<Vec<crate::job::JobRow>, StoreError> {
        self.link.rows(&JOB_DEAD, values![crate::job::NEVER_US, kind, limit], crate::job::read)
    }

    /// Subject, record, version and leaf of adverse records about persons that a submission brought, behind a leaf, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn notices_due(&self, submission: i64, after: i64, limit: i64) -> Result<Vec<NoticeDue>, StoreError> {
        let read = |row: Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        self.link.rows(&NOTICE_DUE, values![submission, after, limit], read)
    }

    /// Subject, record and leaf of records that a submission changed or withdrew and about whose subjects somebody checked, behind a leaf, `limit` at most: of
    /// versions that waited for release, or of those that did not.
    ///
    /// # Errors
    /// The engine's.
    pub fn versions_changed(
        &self,
        submission: i64,
        after: i64,
        waited: bool,
        limit: i64,
    ) -> Result<Vec<ChangedRecord>, StoreError> {
        let read = |row: Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        self.link.rows(&VERSION_CHANGED, values![submission, after, i64::from(waited), limit], read)
    }

    /// Records of an item whose display ended before `before`, by that day, behind `after`: day, subject and record. One that was erased since is among them,
    /// and one of several versions stands there once for each.
    ///
    /// # Errors
    /// The engine's.
    pub fn records_ended(
        &self,
        item: &str,
        after: &EndedRecord,
        before: i64,
        limit: i64,
    ) -> Result<Vec<EndedRecord>, StoreError> {
        let (day, subject, record) = after;
        let read = |row: Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        self.link.rows(&VERSION_ENDED, values![item, day, subject, record, before, limit], read)
    }

    /// Records that may be published, the newest decision first, behind `after`. A version that a later one took the place of is among them, and one that
    /// waits for release: whoever shows it looks.
    ///
    /// # Errors
    /// The engine's.
    pub fn records_public(
        &self,
        of: PublicOf<'_>,
        after: &PublicCandidate,
        limit: i64,
    ) -> Result<Vec<PublicCandidate>, StoreError> {
        let PublicOf { item, subject_kind, authority, severity, today } = of;
        let (day, subject, record) = after;
        let read = |row: Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        match (subject_kind == PERSON, authority) {
            (true, None) => {
                let values = values![item, severity, today, day, subject, record, limit];
                self.link.rows(&VERSION_PUBLIC_PERSON, values, read)
            }
            (true, Some(authority)) => {
                let values = values![item, severity, today, day, subject, record, limit, authority];
                self.link.rows(&VERSION_PUBLIC_PERSON_OF, values, read)
            }
            (false, None) => {
                let values = values![item, subject_kind, severity, today, day, subject, record, limit];
                self.link.rows(&VERSION_PUBLIC, values, read)
            }
            (false, Some(authority)) => {
                let values = values![item, subject_kind, severity, today, day, subject, record, limit, authority];
                self.link.rows(&VERSION_PUBLIC_OF, values, read)
            }
        }
    }

    /// Is any submission open?
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_open_any(&self) -> Result<bool, StoreError> {
        self.link.any(&SUBMISSION_OPEN_ANY, values![])
    }

    /// The documents of a subject: kind, and number and name sealed.
    ///
    /// # Errors
    /// The engine's.
    pub fn documents_of_subject(&self, subject: &[u8; 16]) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        self.link.rows(&SUBJECT_DOCUMENTS, values![subject], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Notices about records of an authority that nobody has told yet, the oldest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn notices_undelivered(&self, authority: &str, limit: i64) -> Result<Vec<NoticeRow>, StoreError> {
        self.link.rows(&NOTICE_UNDELIVERED, values![authority, limit], notice::read_notice)
    }

    /// A notice, whoever is told.
    ///
    /// # Errors
    /// The engine's.
    pub fn notice_anywhere(&self, notice: &[u8; 16]) -> Result<Option<NoticeRow>, StoreError> {
        self.link.first(&NOTICE_ANYWHERE, values![notice], notice::read_notice)
    }

    /// Records held, per item.
    ///
    /// # Errors
    /// The engine's.
    pub fn record_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        self.link.rows(&VERSION_COUNT_BY_ITEM, &[], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Subject and id of the report with a number.
    ///
    /// # Errors
    /// The engine's.
    pub fn report_by_number(&self, number: &str) -> Result<Option<ReportKey>, StoreError> {
        self.link.first(&REPORT_BY_NUMBER, values![number], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Calls `each` with the commitments of a submission, in the order of its tree; how many there are.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_leaves(&self, submission: i64, mut each: impl FnMut(&[u8; 32])) -> Result<i64, StoreError> {
        let mut count = 0i64;
        self.link.each(&SUBMISSION_LEAVES, values![submission], |row| {
            each(&row.get(0)?);
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }

    /// Leaf of the last version that a submission brought.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_last_leaf(&self, submission: i64) -> Result<Option<i64>, StoreError> {
        self.link.one(&SUBMISSION_LEAF_LAST, values![submission], |row| row.get(0))
    }

    /// How many versions of a submission stand before `leaf`.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_leaves_before(&self, submission: i64, leaf: i64) -> Result<i64, StoreError> {
        self.link.one(&SUBMISSION_LEAF_RANK, values![submission, leaf], |row| row.get(0))
    }

    /// Calls `each` with the commitments that entry `number` of the installation anchors as a change of the catalogue, in
    /// order; how many there are.
    ///
    /// # Errors
    /// The engine's.
    pub fn catalogue_versions(&self, number: i64, mut each: impl FnMut(&[u8; 32])) -> Result<u64, StoreError> {
        let mut count = 0;
        self.link.each(&CATALOGUE_VERSIONS, values![number], |row| {
            each(&row.get(0)?);
            count += 1;
            Ok(())
        })?;
        Ok(count)
    }

    /// Subject, record and version of everything that a submission brought.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_versions(&self, submission: i64) -> Result<Vec<RecordHead>, StoreError> {
        self.link.rows(&SUBMISSION_KEYS, values![submission], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }
}

/// An entry that waits for its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsequenced {
    /// Chain.
    pub subject_id: [u8; 16],
    /// Number in the chain.
    pub number: i64,
    /// When, microseconds UTC.
    pub at_us: i64,
    /// Commitment.
    pub commitment: [u8; 32],
}

impl View<'_> {
    /// Entries that wait for their place, oldest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_unsequenced(&self, limit: i64) -> Result<Vec<Unsequenced>, StoreError> {
        self.link.rows(&LOG_UNSEQUENCED, values![limit], |row| {
            Ok(Unsequenced {
                subject_id: row.get(0)?,
                number: row.get(1)?,
                at_us: row.get(2)?,
                commitment: row.get(3)?,
            })
        })
    }

    /// Up to `limit` leaves from `first` on.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_leaves(&self, first: i64, limit: i64) -> Result<Vec<LogLeaf>, StoreError> {
        self.link.rows(&LOG_LEAF_LIST, values![first, limit], |row| {
            Ok(LogLeaf { index: row.get(0)?, subject_id: row.get(1)?, number: row.get(2)?, commitment: row.get(3)? })
        })
    }

    /// How many entries have a place: one more than the last leaf's index.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_placed(&self) -> Result<i64, StoreError> {
        Ok(self.link.one(&LOG_LEAF_LAST, &[], |row| row.get::<Option<i64>>(0))?.map_or(0, |last| last + 1))
    }

    /// Is anybody here at all?
    ///
    /// # Errors
    /// The engine's.
    pub fn any_subject(&self) -> Result<bool, StoreError> {
        self.link.any(&SUBJECT_ANY, &[])
    }

    /// Is any record locked at all? Spares an import the look-up per row where none is.
    ///
    /// # Errors
    /// The engine's.
    pub fn any_lock(&self) -> Result<bool, StoreError> {
        self.link.any(&LOCK_ANY, &[])
    }

    /// Subjects with hidden entries whose day has come (days since 1970-01-01).
    ///
    /// # Errors
    /// The engine's.
    pub fn log_hidden_subjects(&self, today: i32) -> Result<Vec<[u8; 16]>, StoreError> {
        self.link.rows(&LOG_HIDDEN_SUBJECTS, values![today], |row| row.get(0))
    }

    /// Entries behind (`subject`, `number`), chain by chain.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_walk(
        &self,
        subject: &[u8; 16],
        number: i64,
        limit: i64,
    ) -> Result<Vec<([u8; 16], crate::log::LogRow)>, StoreError> {
        self.link.rows(&LOG_WALK, values![subject, number, limit], |row| Ok((row.get(9)?, crate::log::read(row)?)))
    }
}

impl Tx<'_> {
    /// Removes a subject with all its documents and names.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_forget(&self, subject: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_FORGET_DOCUMENTS, values![subject])?;
        self.subject_names_remove(subject)
    }

    /// Deletes held rows whose deadline has passed; how many.
    ///
    /// # Errors
    /// The engine's.
    pub fn held_purge(&self, today: i32, at_us: i64) -> Result<usize, StoreError> {
        self.link.run(&HELD_DUE, values![today, at_us])
    }

    /// Deletes the sealed rows of refusals whose 30 days have passed; how many.
    ///
    /// # Errors
    /// The engine's.
    pub fn refusals_purge(&self, today: i32) -> Result<usize, StoreError> {
        self.link.run(&REFUSAL_DUE, values![today])
    }

    /// Removes the versions of an open submission that is abandoned.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_versions_remove(&self, submission: i64) -> Result<usize, StoreError> {
        self.link.run(&SUBMISSION_VERSIONS_REMOVE, values![submission])
    }

    /// Removes the subjects that nothing but this submission named, with their documents.
    ///
    /// # Errors
    /// The engine's.
    pub fn subjects_of_submission_remove(&self, submission: i64) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_DOCUMENTS_OF_REMOVED, values![submission])?;
        self.link.run(&SUBJECTS_REMOVE, values![submission])?;
        Ok(())
    }
}

impl View<'_> {
    /// Accounts of staff behind an id.
    ///
    /// # Errors
    /// The engine's.
    pub fn staff_accounts(&self, after: &[u8; 16], limit: i64) -> Result<Vec<AccountRow>, StoreError> {
        self.link.rows(&ACCOUNT_STAFF, values![after, limit], account::read)
    }

    /// Machines in the order of their ids, behind one.
    ///
    /// # Errors
    /// The engine's.
    pub fn clients(&self, after: &[u8; 16], limit: i64) -> Result<Vec<ClientRow>, StoreError> {
        self.link.rows(&CLIENT_LIST, values![after, limit], client::read)
    }

    /// Issuers by name, those that were removed among them.
    ///
    /// # Errors
    /// The engine's.
    pub fn issuers(&self, limit: i64) -> Result<Vec<IssuerRow>, StoreError> {
        self.link.rows(&ISSUER_LIST, values![limit], issuer::read)
    }

    /// To whom at which issuers an account is linked.
    ///
    /// # Errors
    /// The engine's.
    pub fn identities_of(&self, account: &[u8; 16]) -> Result<Vec<IdentityRow>, StoreError> {
        self.link.rows(&IDENTITIES_OF, values![account], issuer::read_identity)
    }

    /// Rights of administrators that hold.
    ///
    /// # Errors
    /// The engine's.
    pub fn administrators(&self) -> Result<Vec<RightRow>, StoreError> {
        self.link.rows(&RIGHT_ADMINISTRATORS, &[], account::read_right)
    }
}

impl Tx<'_> {
    /// Deletes sessions that ended before one instant, and what was tried before another; how many rows.
    ///
    /// # Errors
    /// The engine's.
    pub fn sign_ins_tidy(&self, sessions_us: i64, attempts_us: i64) -> Result<usize, StoreError> {
        let sessions = self.link.run(&SESSION_OVER, values![sessions_us])?;
        Ok(sessions + self.link.run(&THROTTLE_OVER, values![attempts_us])?)
    }

    /// Has a job that was given up done again from `now_us` on; was there one?
    ///
    /// # Errors
    /// The engine's.
    pub fn job_revive(&self, job: &[u8; 16], now_us: i64) -> Result<bool, StoreError> {
        Ok(self.link.run(&JOB_REVIVE, values![crate::job::NEVER_US, job, now_us])? > 0)
    }

    /// Ends the sessions that began by an issuer, and forgets who is away there; how many sessions.
    ///
    /// # Errors
    /// The engine's.
    pub fn issuer_sessions_remove(&self, name: &str) -> Result<usize, StoreError> {
        self.link.run(&SIGN_INS_OF_ISSUER_REMOVE, values![name])?;
        self.link.run(&SESSIONS_OF_ISSUER_REMOVE, values![name])
    }

    /// Deletes what machines signed themselves in with and what they were given for it, answers that were kept to be given again, and what was
    /// noted of whoever was sent to an issuer or what their passkey was asked, where their time is over before `now_us`; how many.
    ///
    /// # Errors
    /// The engine's.
    pub fn requests_tidy(&self, now_us: i64) -> Result<usize, StoreError> {
        let over = [&CLIENT_TOKEN_OVER, &CLIENT_ASSERTION_OVER, &IDEMPOTENCY_OVER, &SIGN_IN_OVER, &CEREMONY_OVER];
        over.into_iter().try_fold(0, |sum, statement| Ok(sum + self.link.run(statement, values![now_us])?))
    }
}
