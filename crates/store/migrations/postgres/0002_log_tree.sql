-- The public tree over the log: entries get their places, tiles hold hashes, one row holds the signed head.

CREATE TABLE log_leaf (
    leaf_index BIGINT PRIMARY KEY NOT NULL, -- place in the tree, from 0, without a gap
    subject_id BYTEA NOT NULL,    -- entry: its chain
    number     BIGINT NOT NULL, -- entry: its number in the chain
    commitment BYTEA NOT NULL     -- its commitment as it was when it was sequenced: 32 bytes, published
);

CREATE TABLE log_tile (
    level  BIGINT NOT NULL, -- 0 holds the hashes of leaves
    part   BIGINT NOT NULL, -- running number of the tile in its level
    hashes BYTEA NOT NULL,    -- 1 to 256 hashes of 32 bytes; a tile only ever grows
    PRIMARY KEY (level, part)
);

CREATE TABLE log_head (
    origin   TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- name of the log; fixed when it is first sequenced
    size     BIGINT NOT NULL,          -- leaves under the signed checkpoint
    epoch    BIGINT NOT NULL,          -- grows with each sequencer that takes over: an old one is refused
    root     BYTEA NOT NULL,             -- root of the tree of that size
    last_us  BIGINT NOT NULL,          -- newest time in it: a clock that stands before it is wrong
    note     TEXT COLLATE "C" NOT NULL,             -- the signed checkpoint
    cosigned TEXT COLLATE "C" NOT NULL              -- the newest checkpoint that witnesses have signed too, or ''
);

CREATE TABLE log_witness (
    name     TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- name in the witness's key
    key      TEXT COLLATE "C" NOT NULL,             -- its verifier key
    url      TEXT COLLATE "C" NOT NULL,             -- where it takes checkpoints
    size     BIGINT NOT NULL,          -- newest size that it has signed
    added_us BIGINT NOT NULL           -- when it was added
);

-- Entries that the law hides from the subject for a time. Each stands in a chain of its own, so that no gap in any numbers
-- gives it, or others like it, away.
CREATE TABLE log_hidden (
    subject_id BYTEA NOT NULL,    -- whom the entry concerns
    chain_id   BYTEA NOT NULL,    -- chain in which it stands: log_entry.subject_id
    number     BIGINT NOT NULL, -- its number there
    reveal_on  BIGINT NOT NULL, -- day on which it is revealed
    clause     TEXT COLLATE "C" NOT NULL,    -- law#clause that orders silence
    revealed   BIGINT,          -- number of the line of the subject that reveals it; NULL until then
    PRIMARY KEY (subject_id, chain_id, number)
);
