-- The foundation: what is recorded, where it came from, who it is about, and the log.
-- Conventions: *_us = microseconds UTC; *_on and display_* = days since 1970-01-01 (civil dates of Asia/Shanghai),
-- amounts are integers in 0.01 CNY; ids of 16 bytes are random or keyed digests and say nothing by themselves.
-- The same tables as for SQLite, number by number; text sorts by its bytes on both.

CREATE TABLE installation (
    name  TEXT COLLATE "C" PRIMARY KEY NOT NULL,  -- setting: mode, profile, city, place, key_check …
    value TEXT COLLATE "C" NOT NULL               -- its value
);

CREATE TABLE catalogue_version (
    hash          TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- SHA-256 of the catalogue's files, hexadecimal
    files         TEXT COLLATE "C" NOT NULL,             -- JSON: [[file name, text], …], so that any record can be read by the rules of its day
    applied_at_us BIGINT NOT NULL,          -- when it became the one in use
    applied_by    TEXT COLLATE "C" NOT NULL              -- by whom
);

CREATE TABLE layout (
    layout_id BIGINT PRIMARY KEY NOT NULL, -- number that versions carry
    item      TEXT COLLATE "C" NOT NULL,                -- item code
    fields    TEXT COLLATE "C" NOT NULL,                -- field codes in the order of the values in a body, separated by spaces
    UNIQUE (item, fields)
);

CREATE TABLE clause_confirmation (
    clause          TEXT COLLATE "C" NOT NULL,    -- law#clause
    confirmed_at_us BIGINT NOT NULL, -- when
    confirmed_by    TEXT COLLATE "C" NOT NULL,    -- name of the person who read the source
    office          TEXT COLLATE "C" NOT NULL,    -- their office
    note            TEXT COLLATE "C" NOT NULL,    -- where it was read
    PRIMARY KEY (clause, confirmed_at_us)
);

CREATE TABLE authority (
    code        TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- unified social credit code
    name        TEXT COLLATE "C" NOT NULL,             -- Chinese name
    name_en     TEXT COLLATE "C" NOT NULL,             -- English name
    kind        TEXT COLLATE "C" NOT NULL,             -- value of the dictionary authority-kind
    added_at_us BIGINT NOT NULL           -- when it was registered
);

CREATE TABLE column_mapping (
    authority TEXT COLLATE "C" NOT NULL, -- sending office
    item      TEXT COLLATE "C" NOT NULL, -- item code
    heading   TEXT COLLATE "C" NOT NULL, -- heading as it stands in the office's files
    field     TEXT COLLATE "C" NOT NULL, -- field code, or '' for a column that is left out on purpose
    PRIMARY KEY (authority, item, heading)
);

CREATE TABLE subject (
    subject_id    BYTEA PRIMARY KEY NOT NULL, -- 16 bytes: time, running number, chance
    kind          BIGINT NOT NULL,          -- 1 person, 2 sole trader, 3 organisation, 4 authority
    submission_id BIGINT NOT NULL,          -- submission that first named it; removed with it if that is never accepted
    created_at_us BIGINT NOT NULL           -- when
);

-- The only place that knows numbers. Key rotation rewrites this table and no other.
CREATE TABLE subject_document (
    tag         BYTEA PRIMARY KEY NOT NULL, -- first 16 bytes of HMAC(index key, document kind, number)
    subject_id  BYTEA NOT NULL,             -- whose it is; several documents may lead to one subject
    kind        BIGINT NOT NULL,          -- kind of document: 1–5 as in ZJLX, 6 unified social credit code
    key_version BIGINT NOT NULL,          -- version of the index key in the tag
    name_tag    BYTEA NOT NULL,             -- first 16 bytes of HMAC(index key, name): a name that differs is held
    sealed      BYTEA NOT NULL              -- number and name, sealed under the subject's key
);

CREATE TABLE subject_name (
    subject_id  BYTEA NOT NULL,    -- whose name
    name_tag    BYTEA NOT NULL,    -- HMAC of a further name: former name, variant of the middle dot
    key_version BIGINT NOT NULL, -- version of the index key in the tag
    sealed      BYTEA NOT NULL,    -- the name, sealed under the subject's key
    evidence    TEXT COLLATE "C" NOT NULL,    -- on which evidence the identity clerk linked it
    added_by    TEXT COLLATE "C" NOT NULL,    -- the clerk
    added_at_us BIGINT NOT NULL, -- when
    PRIMARY KEY (subject_id, name_tag)
);

CREATE TABLE submission (
    submission_id  BIGINT PRIMARY KEY NOT NULL, -- running number
    authority      TEXT COLLATE "C" NOT NULL,    -- sending office
    item           TEXT COLLATE "C" NOT NULL,    -- item code
    file_name      TEXT COLLATE "C" NOT NULL,    -- name of the file, without its folder
    file_sha256    BYTEA NOT NULL,    -- hash of its bytes: the same authority and file resume
    settings       BYTEA NOT NULL,    -- hash of everything else that decides what is read: catalogue, mapping, attestations
    state          BIGINT NOT NULL, -- 1 open, 2 accepted, 3 recalled, 4 abandoned
    opened_at_us   BIGINT NOT NULL, -- when it was opened
    accepted_at_us BIGINT,          -- when it was accepted
    needs_release  BIGINT NOT NULL, -- 1 where adverse rows about persons wait for a second officer
    released_at_us BIGINT,          -- when they were released
    released_by    TEXT COLLATE "C",             -- by whom
    sent_by        TEXT COLLATE "C" NOT NULL,    -- the officer who sent it: may not release it
    reason         TEXT COLLATE "C" NOT NULL,    -- stated reason for an unusual volume, else ''
    row_count      BIGINT NOT NULL, -- rows with content
    version_count  BIGINT NOT NULL, -- versions that it brought
    root           BYTEA,             -- Merkle root over the commitments of its versions, in the order of leaf
    summary        TEXT COLLATE "C" NOT NULL,    -- JSON: the quality report
    receipt        TEXT COLLATE "C"              -- JSON: the signed receipt
);
CREATE INDEX submission_by_office ON submission (authority, item, state);

CREATE TABLE submission_chunk (
    submission_id BIGINT NOT NULL, -- open or accepted submission
    through_row   BIGINT NOT NULL, -- last row of the file that this chunk settled: resuming begins behind it
    first_leaf    BIGINT NOT NULL, -- leaf of its first version
    leaves        BIGINT NOT NULL, -- how many versions it holds
    tally         TEXT COLLATE "C" NOT NULL,    -- JSON: what the rows of the chunk came to, so that a resumed report is whole
    PRIMARY KEY (submission_id, through_row)
);

CREATE TABLE submission_tile (
    submission_id BIGINT NOT NULL, -- accepted submission
    level         BIGINT NOT NULL, -- 0 holds the commitments themselves
    part          BIGINT NOT NULL, -- running number of the tile in its level
    hashes        BYTEA NOT NULL,    -- up to 256 hashes of 32 bytes
    PRIMARY KEY (submission_id, level, part)
);

CREATE TABLE submission_member (
    submission_id BIGINT NOT NULL, -- last accepted submission of an office for an item
    part          BIGINT NOT NULL, -- running number
    fingerprints  BYTEA NOT NULL,    -- sorted 8-byte beginnings of the record ids that the file held: says what the next file leaves out
    PRIMARY KEY (submission_id, part)
);

CREATE TABLE version (
    subject_id    BYTEA NOT NULL,    -- about whom
    record_id     BYTEA NOT NULL,    -- keyed digest of subject, office, item and identity fields
    version       BIGINT NOT NULL, -- 1, 2, 3 …
    body_version  BIGINT NOT NULL, -- version that holds the body: a change of state or of derived columns stores none
    cause         BIGINT NOT NULL, -- 1 submission, 2 withdrawal, 3 catalogue, 4 correction, 5 erasure, 6 identity decision
    submission_id BIGINT NOT NULL, -- submission that brought it; 0 for decisions
    leaf          BIGINT NOT NULL, -- its place in the submission's Merkle tree
    row_no        BIGINT NOT NULL, -- row of the file
    item          TEXT COLLATE "C" NOT NULL,    -- item code
    authority     TEXT COLLATE "C" NOT NULL,    -- sending office
    subject_kind  BIGINT NOT NULL, -- as in subject.kind, as the row said it
    severity      BIGINT NOT NULL, -- 0 none, 1 minor, 2 general, 3 serious
    decided_on    BIGINT NOT NULL, -- date of the determining document
    display_from  BIGINT NOT NULL, -- first day shown
    display_until BIGINT,          -- first day not shown; NULL without end
    state         BIGINT NOT NULL, -- 1 active, 2 withdrawn, 3 erased
    needs_release BIGINT NOT NULL, -- 1 for an adverse row about a person
    source_time   BIGINT,          -- time at the source; only its order counts
    layout_id     BIGINT NOT NULL, -- order of the values in the body
    digest        BYTEA NOT NULL,    -- first 16 bytes of HMAC(record key, values): equal content is not stored twice
    salt          BYTEA NOT NULL,    -- 16 random bytes in the commitment; outside the erasable key
    commitment    BYTEA NOT NULL,    -- 32 bytes: H(label, salt, columns, sealed body)
    body          BYTEA NOT NULL     -- values, sealed under this version's own key; empty where body_version differs
);
CREATE UNIQUE INDEX version_of_record ON version (subject_id, record_id, version);
CREATE INDEX version_of_submission ON version (submission_id, leaf);

CREATE TABLE source_seen (
    subject_id    BYTEA NOT NULL,    -- about whom
    record_id     BYTEA NOT NULL,    -- which record
    submission_id BIGINT NOT NULL, -- submission that repeated equal content
    source_time   BIGINT NOT NULL, -- with this newer source time
    PRIMARY KEY (subject_id, record_id, submission_id)
);

CREATE TABLE record_lock (
    subject_id   BYTEA NOT NULL,    -- about whom
    record_id    BYTEA NOT NULL,    -- which record
    kind         TEXT COLLATE "C" NOT NULL,    -- correction, withdrawal, repair, erasure
    case_no      TEXT COLLATE "C" NOT NULL,    -- case number of the decision
    decided_on   BIGINT NOT NULL, -- its date
    locked_by    TEXT COLLATE "C" NOT NULL,    -- who entered it
    locked_at_us BIGINT NOT NULL, -- when
    digest       BYTEA NOT NULL,    -- digest of the content that the decision left in force; a row equal to it passes
    PRIMARY KEY (subject_id, record_id)
);

CREATE TABLE erasure (
    erasure_id   BIGINT PRIMARY KEY NOT NULL, -- running number: a restored key store replays from its last one
    subject_id   BYTEA NOT NULL,    -- about whom
    record_id    BYTEA NOT NULL,    -- which record's keys were destroyed
    case_no      TEXT COLLATE "C" NOT NULL,    -- decision
    erased_at_us BIGINT NOT NULL  -- when
);

CREATE TABLE refusal (
    submission_id BIGINT NOT NULL, -- of which submission
    row_no        BIGINT NOT NULL, -- row of the file
    faults        TEXT COLLATE "C" NOT NULL,    -- JSON: [{field, reason}], without personal values
    sealed        BYTEA,             -- the row, sealed under the submission's key; NULL where nothing may be kept
    delete_after  BIGINT NOT NULL, -- day after which the sealed row is deleted
    PRIMARY KEY (submission_id, row_no)
);

CREATE TABLE held (
    held_id       BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, -- running number
    submission_id BIGINT NOT NULL, -- of which submission
    row_no        BIGINT NOT NULL, -- row of the file
    reason        TEXT COLLATE "C" NOT NULL,    -- code of the reason; the sender sees less
    sealed        BYTEA,             -- the row's values, sealed under the submission's key; NULL once decided or deleted
    layout_id     BIGINT NOT NULL, -- order of the values
    delete_after  BIGINT NOT NULL, -- day after which it is deleted undecided
    state         BIGINT NOT NULL, -- 1 waiting, 2 attached, 3 rejected, 4 deleted at its deadline
    decided_by    TEXT COLLATE "C",             -- identity clerk
    evidence      TEXT COLLATE "C",             -- on which evidence
    decided_at_us BIGINT           -- when
);
CREATE INDEX held_waiting ON held (delete_after) WHERE state = 1;
CREATE UNIQUE INDEX held_by_row ON held (submission_id, row_no);

CREATE TABLE report (
    subject_id   BYTEA NOT NULL,    -- about whom
    report_id    BYTEA NOT NULL,    -- 16 random bytes
    number       TEXT COLLATE "C" NOT NULL,    -- report number, printed
    issued_at_us BIGINT NOT NULL, -- when
    valid_until  BIGINT NOT NULL, -- first day on which it no longer counts
    state        BIGINT NOT NULL, -- 1 issued, 2 withdrawn
    records      TEXT COLLATE "C" NOT NULL,    -- JSON: [[record id, version], …] that it shows
    domains      TEXT COLLATE "C" NOT NULL,    -- fields asked for, printed on the public page
    period       TEXT COLLATE "C" NOT NULL,    -- period asked for
    pdf_hash     BYTEA,             -- SHA-256 of the PDF, once made
    content_hash BYTEA NOT NULL,    -- SHA-256 of the signed content
    sealed       BYTEA NOT NULL,    -- the signed content, sealed under a key of code and extract code
    PRIMARY KEY (subject_id, report_id)
);

CREATE TABLE report_code (
    code_tag        BYTEA PRIMARY KEY NOT NULL, -- HMAC of the verification code
    subject_id      BYTEA NOT NULL,    -- where the report lies
    report_id       BYTEA NOT NULL,    -- which one
    extract_tag     BYTEA NOT NULL,    -- HMAC of the extract code
    failures        BIGINT NOT NULL, -- wrong extract codes in a row
    locked_until_us BIGINT NOT NULL  -- no extract code is looked at before this
);

CREATE TABLE log_entry (
    subject_id BYTEA NOT NULL,    -- whom it concerns; 16 zero bytes for the installation itself
    number     BIGINT NOT NULL, -- running number of that subject's entries: a missing one shows
    at_us      BIGINT NOT NULL, -- when
    operation  TEXT COLLATE "C" NOT NULL,    -- name from the list of operations
    caller     TEXT COLLATE "C" NOT NULL,    -- JSON: who, role, authority, purpose, ground
    detail     TEXT COLLATE "C" NOT NULL,    -- JSON: record ids, versions, recipient, roots; never a name or number of a person
    salt       BYTEA NOT NULL,    -- 16 random bytes
    previous   BYTEA NOT NULL,    -- commitment of the subject's previous entry; 32 zero bytes for the first
    commitment BYTEA NOT NULL,    -- 32 bytes: H(label, salt, columns)
    leaf_index BIGINT,          -- place in the public tree; NULL until it is sequenced
    PRIMARY KEY (subject_id, number)
);
CREATE INDEX log_unsequenced ON log_entry (at_us) WHERE leaf_index IS NULL;

-- Bodies are sealed: trying to compress them would cost time and gain nothing.
ALTER TABLE version ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE report ALTER COLUMN sealed SET STORAGE EXTERNAL;
