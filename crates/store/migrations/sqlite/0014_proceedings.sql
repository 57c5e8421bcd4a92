-- Objections, statements “this is not me” and repairs, with what was handed in; and whom a decision about a record must reach. What people said is
-- sealed under the key of the one whom it concerns. What a record may be used for follows from the columns of these rows and the day.

CREATE TABLE proceeding (
    subject_id    BLOB NOT NULL,    -- whose record it is about
    proceeding_id BLOB NOT NULL,    -- first 16 bytes of HMAC(number of the proceeding)
    kind          INTEGER NOT NULL, -- 1 objection, 2 “this is not me”, 3 repair
    record_id     BLOB NOT NULL,    -- about which record
    authority     TEXT NOT NULL,    -- code of the authority that determined the record, and decides
    state         TEXT NOT NULL,    -- how far it has come, as in core/objection.rs and core/repair.rs
    waits         INTEGER NOT NULL, -- for whom it waits: 0 nobody, 1 the authority, 2 an identity clerk, 3 the person
    filed_us      INTEGER NOT NULL, -- when it was filed
    due_on        INTEGER,          -- last day for what the authority has to do; NULL where no clock runs
    told_on       INTEGER,          -- the due_on whose passing was told; NULL before
    closed_on     INTEGER,          -- day of the answer or decision; NULL before
    late_days     INTEGER NOT NULL, -- days by which steps of the authority came late, added up
    stated        INTEGER NOT NULL, -- 1 where a statement or an explanation of the person's stands beside the record
    line          INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed        BLOB NOT NULL,    -- number, steps and what was said with them, sealed under the key of subject_id
    seal          BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one was put there by hand
    PRIMARY KEY (subject_id, proceeding_id)
);
CREATE INDEX proceeding_waiting ON proceeding (authority, due_on) WHERE waits > 0;
CREATE INDEX proceeding_due ON proceeding (due_on) WHERE waits = 1 AND told_on IS NULL;

CREATE TABLE proceeding_file (
    subject_id    BLOB NOT NULL,    -- whose
    proceeding_id BLOB NOT NULL,    -- of which proceeding
    file_no       INTEGER NOT NULL, -- 1, 2, 3 …
    added_us      INTEGER NOT NULL, -- when it was handed in
    size          INTEGER NOT NULL, -- bytes before sealing
    sealed        BLOB NOT NULL,    -- name and kind, sealed under the key of subject_id
    body          BLOB NOT NULL,    -- content, sealed under the same
    PRIMARY KEY (subject_id, proceeding_id, file_no)
);

CREATE TABLE proceeding_number (
    number_tag    BLOB PRIMARY KEY NOT NULL, -- HMAC of the number
    subject_id    BLOB NOT NULL,             -- where the proceeding lies
    proceeding_id BLOB NOT NULL,             -- which one
    seal          BLOB NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one leads nowhere
) WITHOUT ROWID;

-- Whoever was shown a record that a decision then changed, and whose matter is open or ended adversely.
CREATE TABLE follow_up (
    subject_id   BLOB NOT NULL,    -- whom the check was about
    follow_up_id BLOB NOT NULL,    -- first 16 bytes of HMAC(check, record, proceeding)
    record_id    BLOB NOT NULL,    -- which record was shown and then changed
    authority    TEXT NOT NULL,    -- code of the authority that was shown it
    state        INTEGER NOT NULL, -- 1 told, 2 outcome to be confirmed or reopened, 3 confirmed, 4 reopened
    told_us      INTEGER NOT NULL, -- when it was told
    line         INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed       BLOB NOT NULL,    -- number of the check and of the application, what was decided and why, sealed under the key of subject_id
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one was put there by hand
    PRIMARY KEY (subject_id, follow_up_id)
);
CREATE INDEX follow_up_open ON follow_up (authority) WHERE state <= 2;
