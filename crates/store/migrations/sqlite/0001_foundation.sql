-- The foundation: what is recorded, where it came from, who it is about, and the log.
-- Conventions: *_us = microseconds UTC; *_on and display_* = days since 1970-01-01 (civil dates of Asia/Shanghai),
-- amounts are integers in 0.01 CNY; ids of 16 bytes are random or keyed digests and say nothing by themselves.
-- Tables with a body are rowid tables: clustered keys make large loads several times slower.

CREATE TABLE installation (
    name  TEXT PRIMARY KEY NOT NULL,  -- setting: mode, profile, city, place, key_check …
    value TEXT NOT NULL               -- its value
) WITHOUT ROWID;

CREATE TABLE catalogue_version (
    hash          TEXT PRIMARY KEY NOT NULL, -- SHA-256 of the catalogue's files, hexadecimal
    files         TEXT NOT NULL,             -- JSON: [[file name, text], …], so that any record can be read by the rules of its day
    applied_at_us INTEGER NOT NULL,          -- when it became the one in use
    applied_by    TEXT NOT NULL              -- by whom
);

CREATE TABLE layout (
    layout_id INTEGER PRIMARY KEY NOT NULL, -- number that versions carry
    item      TEXT NOT NULL,                -- item code
    fields    TEXT NOT NULL,                -- field codes in the order of the values in a body, separated by spaces
    UNIQUE (item, fields)
);

CREATE TABLE clause_confirmation (
    clause          TEXT NOT NULL,    -- law#clause
    confirmed_at_us INTEGER NOT NULL, -- when
    confirmed_by    TEXT NOT NULL,    -- name of the person who read the source
    office          TEXT NOT NULL,    -- their office
    note            TEXT NOT NULL,    -- where it was read
    PRIMARY KEY (clause, confirmed_at_us)
) WITHOUT ROWID;

CREATE TABLE authority (
    code        TEXT PRIMARY KEY NOT NULL, -- unified social credit code
    name        TEXT NOT NULL,             -- Chinese name
    name_en     TEXT NOT NULL,             -- English name
    kind        TEXT NOT NULL,             -- value of the dictionary authority-kind
    added_at_us INTEGER NOT NULL           -- when it was registered
) WITHOUT ROWID;

CREATE TABLE column_mapping (
    authority TEXT NOT NULL, -- sending office
    item      TEXT NOT NULL, -- item code
    heading   TEXT NOT NULL, -- heading as it stands in the office's files
    field     TEXT NOT NULL, -- field code, or '' for a column that is left out on purpose
    PRIMARY KEY (authority, item, heading)
) WITHOUT ROWID;

CREATE TABLE subject (
    subject_id    BLOB PRIMARY KEY NOT NULL, -- 16 bytes: time, running number, chance
    kind          INTEGER NOT NULL,          -- 1 person, 2 sole trader, 3 organisation, 4 authority
    submission_id INTEGER NOT NULL,          -- submission that first named it; removed with it if that is never accepted
    created_at_us INTEGER NOT NULL           -- when
) WITHOUT ROWID;

-- The only place that knows numbers. Key rotation rewrites this table and no other.
CREATE TABLE subject_document (
    tag         BLOB PRIMARY KEY NOT NULL, -- first 16 bytes of HMAC(index key, document kind, number)
    subject_id  BLOB NOT NULL,             -- whose it is; several documents may lead to one subject
    kind        INTEGER NOT NULL,          -- kind of document: 1–5 as in ZJLX, 6 unified social credit code
    key_version INTEGER NOT NULL,          -- version of the index key in the tag
    name_tag    BLOB NOT NULL,             -- first 16 bytes of HMAC(index key, name): a name that differs is held
    sealed      BLOB NOT NULL              -- number and name, sealed under the subject's key
) WITHOUT ROWID;

CREATE TABLE subject_name (
    subject_id  BLOB NOT NULL,    -- whose name
    name_tag    BLOB NOT NULL,    -- HMAC of a further name: former name, variant of the middle dot
    key_version INTEGER NOT NULL, -- version of the index key in the tag
    sealed      BLOB NOT NULL,    -- the name, sealed under the subject's key
    evidence    TEXT NOT NULL,    -- on which evidence the identity clerk linked it
    added_by    TEXT NOT NULL,    -- the clerk
    added_at_us INTEGER NOT NULL, -- when
    PRIMARY KEY (subject_id, name_tag)
) WITHOUT ROWID;

CREATE TABLE submission (
    submission_id  INTEGER PRIMARY KEY NOT NULL, -- running number
    authority      TEXT NOT NULL,    -- sending office
    item           TEXT NOT NULL,    -- item code
    file_name      TEXT NOT NULL,    -- name of the file, without its folder
    file_sha256    BLOB NOT NULL,    -- hash of its bytes: the same authority and file resume
    settings       BLOB NOT NULL,    -- hash of everything else that decides what is read: catalogue, mapping, attestations
    state          INTEGER NOT NULL, -- 1 open, 2 accepted, 3 recalled, 4 abandoned
    opened_at_us   INTEGER NOT NULL, -- when it was opened
    accepted_at_us INTEGER,          -- when it was accepted
    needs_release  INTEGER NOT NULL, -- 1 where adverse rows about persons wait for a second officer
    released_at_us INTEGER,          -- when they were released
    released_by    TEXT,             -- by whom
    sent_by        TEXT NOT NULL,    -- the officer who sent it: may not release it
    reason         TEXT NOT NULL,    -- stated reason for an unusual volume, else ''
    row_count      INTEGER NOT NULL, -- rows with content
    version_count  INTEGER NOT NULL, -- versions that it brought
    root           BLOB,             -- Merkle root over the commitments of its versions, in the order of leaf
    summary        TEXT NOT NULL,    -- JSON: the quality report
    receipt        TEXT              -- JSON: the signed receipt
);
CREATE INDEX submission_by_office ON submission (authority, item, state);

CREATE TABLE submission_chunk (
    submission_id INTEGER NOT NULL, -- open or accepted submission
    through_row   INTEGER NOT NULL, -- last row of the file that this chunk settled: resuming begins behind it
    first_leaf    INTEGER NOT NULL, -- leaf of its first version
    leaves        INTEGER NOT NULL, -- how many versions it holds
    tally         TEXT NOT NULL,    -- JSON: what the rows of the chunk came to, so that a resumed report is whole
    PRIMARY KEY (submission_id, through_row)
) WITHOUT ROWID;

CREATE TABLE submission_tile (
    submission_id INTEGER NOT NULL, -- accepted submission
    level         INTEGER NOT NULL, -- 0 holds the commitments themselves
    part          INTEGER NOT NULL, -- running number of the tile in its level
    hashes        BLOB NOT NULL,    -- up to 256 hashes of 32 bytes
    PRIMARY KEY (submission_id, level, part)
);

CREATE TABLE submission_member (
    submission_id INTEGER NOT NULL, -- last accepted submission of an office for an item
    part          INTEGER NOT NULL, -- running number
    fingerprints  BLOB NOT NULL,    -- sorted 8-byte beginnings of the record ids that the file held: says what the next file leaves out
    PRIMARY KEY (submission_id, part)
);

CREATE TABLE version (
    subject_id    BLOB NOT NULL,    -- about whom
    record_id     BLOB NOT NULL,    -- keyed digest of subject, office, item and identity fields
    version       INTEGER NOT NULL, -- 1, 2, 3 …
    body_version  INTEGER NOT NULL, -- version that holds the body: a change of state or of derived columns stores none
    cause         INTEGER NOT NULL, -- 1 submission, 2 withdrawal, 3 catalogue, 4 correction, 5 erasure, 6 identity decision
    submission_id INTEGER NOT NULL, -- submission that brought it; 0 for decisions
    leaf          INTEGER NOT NULL, -- its place in the submission's Merkle tree
    row_no        INTEGER NOT NULL, -- row of the file
    item          TEXT NOT NULL,    -- item code
    authority     TEXT NOT NULL,    -- sending office
    subject_kind  INTEGER NOT NULL, -- as in subject.kind, as the row said it
    severity      INTEGER NOT NULL, -- 0 none, 1 minor, 2 general, 3 serious
    decided_on    INTEGER NOT NULL, -- date of the determining document
    display_from  INTEGER NOT NULL, -- first day shown
    display_until INTEGER,          -- first day not shown; NULL without end
    state         INTEGER NOT NULL, -- 1 active, 2 withdrawn, 3 erased
    needs_release INTEGER NOT NULL, -- 1 for an adverse row about a person
    source_time   INTEGER,          -- time at the source; only its order counts
    layout_id     INTEGER NOT NULL, -- order of the values in the body
    digest        BLOB NOT NULL,    -- first 16 bytes of HMAC(record key, values): equal content is not stored twice
    salt          BLOB NOT NULL,    -- 16 random bytes in the commitment; outside the erasable key
    commitment    BLOB NOT NULL,    -- 32 bytes: H(label, salt, columns, sealed body)
    body          BLOB NOT NULL     -- values, sealed under this version's own key; empty where body_version differs
);
CREATE UNIQUE INDEX version_of_record ON version (subject_id, record_id, version);
CREATE INDEX version_of_submission ON version (submission_id, leaf);

CREATE TABLE source_seen (
    subject_id    BLOB NOT NULL,    -- about whom
    record_id     BLOB NOT NULL,    -- which record
    submission_id INTEGER NOT NULL, -- submission that repeated equal content
    source_time   INTEGER NOT NULL, -- with this newer source time
    PRIMARY KEY (subject_id, record_id, submission_id)
) WITHOUT ROWID;

CREATE TABLE record_lock (
    subject_id   BLOB NOT NULL,    -- about whom
    record_id    BLOB NOT NULL,    -- which record
    kind         TEXT NOT NULL,    -- correction, withdrawal, repair, erasure
    case_no      TEXT NOT NULL,    -- case number of the decision
    decided_on   INTEGER NOT NULL, -- its date
    locked_by    TEXT NOT NULL,    -- who entered it
    locked_at_us INTEGER NOT NULL, -- when
    digest       BLOB NOT NULL,    -- digest of the content that the decision left in force; a row equal to it passes
    PRIMARY KEY (subject_id, record_id)
) WITHOUT ROWID;

CREATE TABLE erasure (
    erasure_id   INTEGER PRIMARY KEY NOT NULL, -- running number: a restored key store replays from its last one
    subject_id   BLOB NOT NULL,    -- about whom
    record_id    BLOB NOT NULL,    -- which record's keys were destroyed
    case_no      TEXT NOT NULL,    -- decision
    erased_at_us INTEGER NOT NULL  -- when
);

CREATE TABLE refusal (
    submission_id INTEGER NOT NULL, -- of which submission
    row_no        INTEGER NOT NULL, -- row of the file
    faults        TEXT NOT NULL,    -- JSON: [{field, reason}], without personal values
    sealed        BLOB,             -- the row, sealed under the submission's key; NULL where nothing may be kept
    delete_after  INTEGER NOT NULL, -- day after which the sealed row is deleted
    PRIMARY KEY (submission_id, row_no)
);

CREATE TABLE held (
    held_id       INTEGER PRIMARY KEY NOT NULL, -- running number
    submission_id INTEGER NOT NULL, -- of which submission
    row_no        INTEGER NOT NULL, -- row of the file
    reason        TEXT NOT NULL,    -- code of the reason; the sender sees less
    sealed        BLOB,             -- the row's values, sealed under the submission's key; NULL once decided or deleted
    layout_id     INTEGER NOT NULL, -- order of the values
    delete_after  INTEGER NOT NULL, -- day after which it is deleted undecided
    state         INTEGER NOT NULL, -- 1 waiting, 2 attached, 3 rejected, 4 deleted at its deadline
    decided_by    TEXT,             -- identity clerk
    evidence      TEXT,             -- on which evidence
    decided_at_us INTEGER           -- when
);
CREATE INDEX held_waiting ON held (delete_after) WHERE state = 1;
CREATE UNIQUE INDEX held_by_row ON held (submission_id, row_no);

CREATE TABLE report (
    subject_id   BLOB NOT NULL,    -- about whom
    report_id    BLOB NOT NULL,    -- 16 random bytes
    number       TEXT NOT NULL,    -- report number, printed
    issued_at_us INTEGER NOT NULL, -- when
    valid_until  INTEGER NOT NULL, -- first day on which it no longer counts
    state        INTEGER NOT NULL, -- 1 issued, 2 withdrawn
    records      TEXT NOT NULL,    -- JSON: [[record id, version], …] that it shows
    domains      TEXT NOT NULL,    -- fields asked for, printed on the public page
    period       TEXT NOT NULL,    -- period asked for
    pdf_hash     BLOB,             -- SHA-256 of the PDF, once made
    content_hash BLOB NOT NULL,    -- SHA-256 of the signed content
    sealed       BLOB NOT NULL,    -- the signed content, sealed under a key of code and extract code
    PRIMARY KEY (subject_id, report_id)
);

CREATE TABLE report_code (
    code_tag        BLOB PRIMARY KEY NOT NULL, -- HMAC of the verification code
    subject_id      BLOB NOT NULL,    -- where the report lies
    report_id       BLOB NOT NULL,    -- which one
    extract_tag     BLOB NOT NULL,    -- HMAC of the extract code
    failures        INTEGER NOT NULL, -- wrong extract codes in a row
    locked_until_us INTEGER NOT NULL  -- no extract code is looked at before this
) WITHOUT ROWID;

CREATE TABLE log_entry (
    subject_id BLOB NOT NULL,    -- whom it concerns; 16 zero bytes for the installation itself
    number     INTEGER NOT NULL, -- running number of that subject's entries: a missing one shows
    at_us      INTEGER NOT NULL, -- when
    operation  TEXT NOT NULL,    -- name from the list of operations
    caller     TEXT NOT NULL,    -- JSON: who, role, authority, purpose, ground
    detail     TEXT NOT NULL,    -- JSON: record ids, versions, recipient, roots; never a name or number of a person
    salt       BLOB NOT NULL,    -- 16 random bytes
    previous   BLOB NOT NULL,    -- commitment of the subject's previous entry; 32 zero bytes for the first
    commitment BLOB NOT NULL,    -- 32 bytes: H(label, salt, columns)
    leaf_index INTEGER,          -- place in the public tree; NULL until it is sequenced
    PRIMARY KEY (subject_id, number)
);
CREATE INDEX log_unsequenced ON log_entry (at_us) WHERE leaf_index IS NULL;
