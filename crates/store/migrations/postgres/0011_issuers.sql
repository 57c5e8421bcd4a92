-- Providers of sign-in by which people and staff prove who they are (OpenID Connect), who was linked to one of them, and who is away there at the
-- moment. A row counts only with a fitting seal.

CREATE TABLE issuer (
    name     TEXT PRIMARY KEY NOT NULL, -- as it stands in our addresses
    terms    TEXT NOT NULL,             -- JSON: its address, our name there, which claims count for what
    secret   BYTEA NOT NULL,             -- what we prove ourselves to it by, sealed
    set_us   BIGINT NOT NULL,          -- when it was last set
    set_by   TEXT NOT NULL,             -- by whom
    ended_us BIGINT,                   -- when it was removed; NULL while it counts
    ended_by TEXT,                      -- by whom
    seal     BYTEA NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one is no issuer
);

CREATE TABLE account_identity (
    identity_tag BYTEA PRIMARY KEY NOT NULL, -- HMAC of the issuer's name and address and of what it calls somebody (sub)
    account_id   BYTEA NOT NULL,             -- to which account that leads
    issuer       TEXT NOT NULL,             -- name of the issuer
    linked_us    BIGINT NOT NULL,          -- when
    linked_by    TEXT NOT NULL,             -- who handed over the code; of a person 'self'
    seal         BYTEA NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one leads nowhere
);

CREATE INDEX account_identity_of_account ON account_identity (account_id);

CREATE TABLE sign_in (
    state_tag   BYTEA PRIMARY KEY NOT NULL, -- HMAC of the random state
    browser_tag BYTEA NOT NULL,             -- HMAC of the random value in the browser's cookie
    issuer      TEXT NOT NULL,             -- to whom the browser was sent
    expires_us  BIGINT NOT NULL,          -- from then on nobody comes back by it
    sealed      BYTEA NOT NULL              -- nonce, PKCE verifier and one-time code, sealed together with the columns before
);
