-- Salts of submissions in blocks; body_salt keeps those of decisions, and those that were written before there were blocks.

CREATE TABLE salt_block (
    submission_id INTEGER NOT NULL, -- submission that brought the bodies
    first_leaf    INTEGER NOT NULL, -- leaf of the first
    salts         BLOB NOT NULL,    -- 16 bytes for each leaf from there on, as body_salt.salt; zeros: no body, or erased
    PRIMARY KEY (submission_id, first_leaf)
);
