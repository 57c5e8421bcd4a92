-- The public tree over the log: entries get their places, tiles hold hashes, one row holds the signed head.

CREATE TABLE log_leaf (
    leaf_index INTEGER PRIMARY KEY NOT NULL, -- place in the tree, from 0, without a gap
    subject_id BLOB NOT NULL,    -- entry: its chain
    number     INTEGER NOT NULL, -- entry: its number in the chain
    commitment BLOB NOT NULL     -- its commitment as it was when it was sequenced: 32 bytes, published
);

CREATE TABLE log_tile (
    level  INTEGER NOT NULL, -- 0 holds the hashes of leaves
    part   INTEGER NOT NULL, -- running number of the tile in its level
    hashes BLOB NOT NULL,    -- 1 to 256 hashes of 32 bytes; a tile only ever grows
    PRIMARY KEY (level, part)
);

CREATE TABLE log_head (
    origin   TEXT PRIMARY KEY NOT NULL, -- name of the log; fixed when it is first sequenced
    size     INTEGER NOT NULL,          -- leaves under the signed checkpoint
    epoch    INTEGER NOT NULL,          -- grows with each sequencer that takes over: an old one is refused
    root     BLOB NOT NULL,             -- root of the tree of that size
    last_us  INTEGER NOT NULL,          -- newest time in it: a clock that stands before it is wrong
    note     TEXT NOT NULL,             -- the signed checkpoint
    cosigned TEXT NOT NULL              -- the newest checkpoint that witnesses have signed too, or ''
) WITHOUT ROWID;

CREATE TABLE log_witness (
    name     TEXT PRIMARY KEY NOT NULL, -- name in the witness's key
    key      TEXT NOT NULL,             -- its verifier key
    url      TEXT NOT NULL,             -- where it takes checkpoints
    size     INTEGER NOT NULL,          -- newest size that it has signed
    added_us INTEGER NOT NULL           -- when it was added
) WITHOUT ROWID;

-- Entries that the law hides from the subject for a time. Each stands in a chain of its own, so that no gap in any numbers
-- gives it, or others like it, away.
CREATE TABLE log_hidden (
    subject_id BLOB NOT NULL,    -- whom the entry concerns
    chain_id   BLOB NOT NULL,    -- chain in which it stands: log_entry.subject_id
    number     INTEGER NOT NULL, -- its number there
    reveal_on  INTEGER NOT NULL, -- day on which it is revealed
    clause     TEXT NOT NULL,    -- law#clause that orders silence
    revealed   INTEGER,          -- number of the line of the subject that reveals it; NULL until then
    PRIMARY KEY (subject_id, chain_id, number)
);
