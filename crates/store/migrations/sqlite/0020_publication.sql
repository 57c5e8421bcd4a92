-- Publication: which texts of a record an officer confirmed for its public page. Whether a record is published at all stands in no table: it is a
-- predicate on versions and the day. The index leads to those that may be, the newest decision first.

CREATE TABLE publication (
    subject_id   BLOB NOT NULL,    -- about whom
    record_id    BLOB NOT NULL,    -- which record
    version      INTEGER NOT NULL, -- version whose body the texts were read beside: they count for no other
    confirmed_us INTEGER NOT NULL, -- when they were confirmed
    line         INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed       BLOB NOT NULL,    -- texts by field, and what is explained of a withdrawal, sealed under the key of subject_id
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one was put there by hand
    PRIMARY KEY (subject_id, record_id)
);
-- Of persons and what they bring in there is none until a law has them published: see PERSONS_PUBLIC in store/fanout.rs.
CREATE INDEX version_public ON version (item, subject_kind, decided_on, subject_id, record_id, authority, severity, display_from, display_until) WHERE state = 1 AND subject_kind <> 1;
