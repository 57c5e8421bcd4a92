-- Complaints about misuse of data: a line of somebody's own log, what they say of it, and what came of it. No record is touched by them. Where the number of
-- one leads stands in proceeding_number, under a tag that no proceeding has.

CREATE TABLE complaint (
    subject_id   BLOB NOT NULL,    -- who complains: in whose log the line stands
    complaint_id BLOB NOT NULL,    -- first 16 bytes of HMAC(number of the complaint)
    authority    TEXT NOT NULL,    -- code of the authority complained of; empty where the line names none
    state        TEXT NOT NULL,    -- how far it has come, as in core/complaint.rs
    waits        INTEGER NOT NULL, -- for whom it waits: 0 nobody, 1 the credit office
    filed_us     INTEGER NOT NULL, -- when it was filed
    due_on       INTEGER,          -- last day for the answer; NULL once it is closed
    told_on      INTEGER,          -- the due_on whose passing was told; NULL before
    closed_on    INTEGER,          -- day on which it was answered, passed on or taken back; NULL before
    late_days    INTEGER NOT NULL, -- days by which the answer came late
    line         INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed       BLOB NOT NULL,    -- number, the line complained of, words and steps, sealed under the key of subject_id
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one was put there by hand
    PRIMARY KEY (subject_id, complaint_id)
);
CREATE INDEX complaint_waiting ON complaint (due_on) WHERE waits > 0;
