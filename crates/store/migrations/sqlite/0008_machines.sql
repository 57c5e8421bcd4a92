-- Machines of authorities, the keys by which they sign themselves in, and what came of it. A row of the first three counts only with a fitting
-- seal. And answers that are kept for a day, so that a request sent again is carried out once.

CREATE TABLE client (
    client_id    BLOB PRIMARY KEY NOT NULL, -- 16 random bytes
    name         TEXT NOT NULL,             -- how the log calls it
    authority    TEXT NOT NULL,             -- code of the authority that it serves
    role         TEXT NOT NULL,             -- code of the role in which it acts
    scopes       TEXT NOT NULL,             -- operations that it may ask tokens for, by name, parted by spaces
    opened_us    INTEGER NOT NULL,          -- when it was registered
    opened_by    TEXT NOT NULL,             -- by whom
    ended_us     INTEGER,                   -- when it was stopped for good; NULL while it works
    ended_by     TEXT,                      -- by whom
    seal         BLOB NOT NULL,             -- 32 bytes: HMAC of the columns before; a row without a fitting one is no machine
    last_used_on INTEGER NOT NULL           -- day of the last token, or of the last key that was added, days since 1970-01-01
) WITHOUT ROWID;

CREATE TABLE client_key (
    client_id  BLOB NOT NULL,    -- whose
    kid        TEXT NOT NULL,    -- its name in the header of what it signs
    alg        TEXT NOT NULL,    -- ES256, EdDSA, RS256, PS256: the only one that it signs with
    jwk        TEXT NOT NULL,    -- the public key: required members of its JWK
    from_us    INTEGER NOT NULL, -- from when it holds
    until_us   INTEGER NOT NULL, -- from when no longer
    added_us   INTEGER NOT NULL, -- when it was added
    added_by   TEXT NOT NULL,    -- by whom
    revoked_us INTEGER,          -- when it was revoked; NULL while it holds
    revoked_by TEXT,             -- by whom
    seal       BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no key
    PRIMARY KEY (client_id, kid)
) WITHOUT ROWID;

CREATE TABLE client_token (
    client_id BLOB NOT NULL,    -- whose
    tag       BLOB NOT NULL,    -- HMAC of the random token
    kid       TEXT NOT NULL,    -- with which key it was asked for: with that it ends
    scopes    TEXT NOT NULL,    -- operations that it is for
    opened_us INTEGER NOT NULL, -- when
    ends_us   INTEGER NOT NULL, -- until when
    seal      BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one opens nothing
    PRIMARY KEY (client_id, tag)
) WITHOUT ROWID;

CREATE TABLE client_assertion (
    client_id  BLOB NOT NULL,    -- who signed
    jti_tag    BLOB NOT NULL,    -- HMAC of the identifier: it counts once
    expires_us INTEGER NOT NULL, -- from then on what it stands for is too old anyway
    PRIMARY KEY (client_id, jti_tag)
) WITHOUT ROWID;

CREATE TABLE idempotency (
    actor_id    BLOB NOT NULL,    -- account or machine that asked
    key_tag     BLOB NOT NULL,    -- HMAC of the key that it gave
    request_tag BLOB NOT NULL,    -- HMAC of the whole request
    begun_us    INTEGER NOT NULL, -- when it was first sent
    expires_us  INTEGER NOT NULL, -- from then on the key is free again
    answer      BLOB,             -- status, type and body, sealed; NULL while it is not known what became of it
    PRIMARY KEY (actor_id, key_tag)
);
