-- What somebody was told and when, and the ways on which they are told that a notice waits. What a notice says is composed when it is read:
-- here stands only what it is about. A row counts only with a fitting seal; each change of one is an entry that carries its digest.

CREATE TABLE notice (
    subject_id   BLOB NOT NULL,    -- who is told: whom a record is about, or a reader of their own records
    notice_id    BLOB NOT NULL,    -- first 16 bytes of HMAC(kind, record, version, case, detail): the same is told once
    kind         INTEGER NOT NULL, -- of what: place in the list of kinds of notices, from 1
    record_id    BLOB,             -- about which record; NULL where it is about none
    version      INTEGER,          -- which version of it
    authority    TEXT NOT NULL,    -- code of the authority that determined the record, which serves the letter; '' where there is none
    case_no      TEXT NOT NULL,    -- case number, or ''
    made_us      INTEGER NOT NULL, -- when it was made
    delivery     INTEGER NOT NULL, -- 0 not delivered, 1 opened, 2 by a proven channel, 3 letter served
    delivered_us INTEGER,          -- when they were told; NULL while they were not, and no deadline runs against them
    line         INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed       BLOB NOT NULL,    -- what it says beside the record (JSON: days, codes), sealed under a key of the installation
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no notice
    PRIMARY KEY (subject_id, notice_id)
);
CREATE INDEX notice_undelivered ON notice (authority, made_us) WHERE delivery = 0;
CREATE INDEX notice_by_id ON notice (notice_id);

CREATE TABLE channel (
    subject_id BLOB NOT NULL,    -- whose it is, as a reader of their own records
    channel_id BLOB NOT NULL,    -- 16 random bytes
    kind       INTEGER NOT NULL, -- 1 mail, 2 webhook
    stage      INTEGER NOT NULL, -- 1 waits for its code, 2 proven, 3 removed
    added_us   INTEGER NOT NULL, -- when it was added
    proven_us  INTEGER,          -- when its code came back; NULL before
    line       INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed     BLOB NOT NULL,    -- address, secret, code and tries, sealed under the key of subject_id; without an address once removed
    seal       BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no channel
    PRIMARY KEY (subject_id, channel_id)
);

CREATE TABLE office_notice (
    authority TEXT NOT NULL,    -- code of the authority that is told; '' for the credit office
    notice_id BLOB NOT NULL,    -- first 16 bytes of HMAC(kind, record, version, case): the same is told once
    kind      INTEGER NOT NULL, -- of what: place in the list of kinds of notices, from 1
    record_id BLOB,             -- about which record; NULL where it is about none
    version   INTEGER,          -- which version of it
    case_no   TEXT NOT NULL,    -- case number, or ''
    made_us   INTEGER NOT NULL, -- when it was made
    PRIMARY KEY (authority, notice_id)
);
