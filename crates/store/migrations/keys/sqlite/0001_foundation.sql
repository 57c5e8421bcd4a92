-- The key store: a file of its own with short-lived backups, so that what is erased here is erased.

CREATE TABLE key_meta (
    name  TEXT PRIMARY KEY NOT NULL, -- setting
    value TEXT NOT NULL              -- its value
) WITHOUT ROWID;

CREATE TABLE subject_key (
    subject_id BLOB PRIMARY KEY NOT NULL, -- whose key
    wrapping   INTEGER NOT NULL,          -- version of the wrapping key
    wrapped    BLOB NOT NULL              -- the subject's key, wrapped
) WITHOUT ROWID;

CREATE TABLE body_salt (
    subject_id BLOB NOT NULL,    -- about whom
    record_id  BLOB NOT NULL,    -- which record
    version    INTEGER NOT NULL, -- version that holds the body
    salt       BLOB NOT NULL,    -- 16 random bytes; body key = HMAC(subject key, record, version, salt). Gone: the body is unreadable
    PRIMARY KEY (subject_id, record_id, version)
) WITHOUT ROWID;

CREATE TABLE submission_key (
    submission_id INTEGER PRIMARY KEY NOT NULL, -- whose refused and held rows it seals
    wrapping      INTEGER NOT NULL,             -- version of the wrapping key
    wrapped       BLOB NOT NULL                 -- the key, wrapped; deleted with the rows
);
