-- What is to be done after a change, by whoever comes to it first: written in the transaction of the change, done at least
-- once, and so that a second time does no harm.

CREATE TABLE job (
    subject_id     BLOB NOT NULL,    -- about whom; 16 zero bytes for the installation
    job_id         BLOB NOT NULL,    -- digest of kind and of what makes it this job: the same is never waiting twice
    kind           TEXT NOT NULL,    -- what is to be done
    payload        TEXT NOT NULL,    -- JSON: on what; never a name or number of a person
    due_us         INTEGER NOT NULL, -- not before
    lease_until_us INTEGER NOT NULL, -- until then it is the worker's that claimed it; 0 where nobody did
    worker         TEXT NOT NULL,    -- who claimed it last, or ''
    attempts       INTEGER NOT NULL, -- how often it was begun
    problem        TEXT NOT NULL,    -- why the last attempt failed, or ''
    PRIMARY KEY (subject_id, job_id)
);
CREATE INDEX job_due ON job (due_us);
