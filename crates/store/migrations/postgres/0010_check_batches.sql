-- Checks of many open applications at once, each approved by a second person. Whom they are about is not kept: each part has a keyed digest, and
-- whoever asks shows its rows again. A row counts only with a fitting seal.

CREATE TABLE check_batch (
    number       TEXT PRIMARY KEY NOT NULL, -- number of the batch
    authority    TEXT NOT NULL,             -- the office that asks
    matter       TEXT NOT NULL,             -- code of the matter
    purpose      TEXT NOT NULL,             -- what for, as the persons read it
    applications BIGINT NOT NULL,           -- how many
    part_size    BIGINT NOT NULL,           -- applications in a part
    parts        BYTEA NOT NULL,             -- 32 bytes for each part: HMAC of its rows
    opened_by    TEXT NOT NULL,             -- account that asked for it
    opened_us    BIGINT NOT NULL,          -- when
    approved_by  TEXT,                      -- account that approved it
    approved_us  BIGINT,                   -- when
    until_us     BIGINT NOT NULL,          -- from when on it is over
    done         BIGINT NOT NULL,           -- parts that were answered
    repeated     BIGINT NOT NULL,           -- the last of them whose answer was given once more; 0 for none
    seal         BYTEA NOT NULL              -- 32 bytes: HMAC of the columns before
);

CREATE INDEX check_batch_of_authority ON check_batch (authority, opened_us);
