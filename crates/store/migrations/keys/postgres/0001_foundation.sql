-- The key store: a file of its own with short-lived backups, so that what is erased here is erased.

CREATE TABLE key_meta (
    name  TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- setting
    value TEXT COLLATE "C" NOT NULL              -- its value
);

CREATE TABLE subject_key (
    subject_id BYTEA PRIMARY KEY NOT NULL, -- whose key
    wrapping   BIGINT NOT NULL,          -- version of the wrapping key
    wrapped    BYTEA NOT NULL              -- the subject's key, wrapped
);

CREATE TABLE body_salt (
    subject_id BYTEA NOT NULL,    -- about whom
    record_id  BYTEA NOT NULL,    -- which record
    version    BIGINT NOT NULL, -- version that holds the body
    salt       BYTEA NOT NULL,    -- 16 random bytes; body key = HMAC(subject key, record, version, salt). Gone: the body is unreadable
    PRIMARY KEY (subject_id, record_id, version)
);

CREATE TABLE submission_key (
    submission_id BIGINT PRIMARY KEY NOT NULL, -- whose refused and held rows it seals
    wrapping      BIGINT NOT NULL,             -- version of the wrapping key
    wrapped       BYTEA NOT NULL                 -- the key, wrapped; deleted with the rows
);
