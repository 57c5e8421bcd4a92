-- People and machines that sign in. An account is no subject: what is about it lies under account_id, and what it may do
-- under its rights. Passwords and codes are held as keyed hashes, names and device labels sealed under the account's own key,
-- which lies in the key store under account_id.

CREATE TABLE account (
    account_id BLOB PRIMARY KEY NOT NULL, -- 16 random bytes
    kind       INTEGER NOT NULL,          -- 1 staff, 2 person
    state      INTEGER NOT NULL,          -- 1 opened and not begun, 2 in use, 3 closed
    subject_id BLOB,                      -- the person it is bound to, as a reader of their own records; NULL where unbound
    sealed     BLOB NOT NULL,             -- login name and display name, sealed under the account's key
    opened_us  INTEGER NOT NULL,          -- when
    opened_by  TEXT NOT NULL              -- by whom: a name of staff, or 'self'
) WITHOUT ROWID;

CREATE TABLE account_login (
    login_tag  BLOB PRIMARY KEY NOT NULL, -- first 16 bytes of HMAC(login name, normalised); kept after closing, so that no name is taken over
    account_id BLOB NOT NULL              -- whose it is
) WITHOUT ROWID;

CREATE TABLE account_right (
    account_id   BLOB NOT NULL,    -- whose right
    role         TEXT NOT NULL,    -- code of the role
    authority    TEXT NOT NULL,    -- for which authority, or '' where the role serves none
    granted_us   INTEGER NOT NULL, -- when it was granted, or granted anew
    granted_by   TEXT NOT NULL,    -- by whom
    ended_us     INTEGER,          -- when it was ended; NULL while it holds
    ended_by     TEXT,             -- by whom
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no right
    last_used_on INTEGER NOT NULL, -- day of the last use, days since 1970-01-01; the day before the grant where unused
    PRIMARY KEY (account_id, role, authority)
) WITHOUT ROWID;

CREATE TABLE account_binding (
    subject_id BLOB NOT NULL,    -- the person, as a reader of their own records
    account_id BLOB NOT NULL,    -- their account
    sealed     BLOB NOT NULL,    -- kind and number of the document that was compared, sealed under the subject's key
    bound_us   INTEGER NOT NULL, -- when
    issued_by  TEXT NOT NULL,    -- the clerk who compared it and handed over the code
    PRIMARY KEY (subject_id, account_id)
) WITHOUT ROWID;

CREATE TABLE credential (
    account_id    BLOB NOT NULL,    -- whose
    credential_id BLOB NOT NULL,    -- 16 random bytes
    kind          TEXT NOT NULL,    -- password, totp, recovery
    parameters    TEXT NOT NULL,    -- how it was made: of a password algorithm and cost
    secret        BLOB NOT NULL,    -- password: salt and argon2id hash; totp: the secret, sealed; recovery: HMAC of the code
    made_us       INTEGER NOT NULL, -- when
    used_us       INTEGER,          -- recovery: when it was used up
    last_step     INTEGER NOT NULL, -- totp: last step of 30 seconds that was accepted, 0 before the first
    PRIMARY KEY (account_id, credential_id)
) WITHOUT ROWID;

CREATE TABLE session (
    account_id   BLOB NOT NULL,    -- whose
    tag          BLOB NOT NULL,    -- HMAC of the random token
    opened_us    INTEGER NOT NULL, -- when
    ends_us      INTEGER NOT NULL, -- when it ends whatever happens
    idle_us      INTEGER NOT NULL, -- after how long without a request it ends
    factors      INTEGER NOT NULL, -- 1 password, 2 password and a second factor
    proven_us    INTEGER NOT NULL, -- when who sits there last proved who they are
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one opens nothing
    last_seen_us INTEGER NOT NULL, -- last request, to a minute
    label        BLOB NOT NULL,    -- device and place in words, sealed under the account's key
    PRIMARY KEY (account_id, tag)
) WITHOUT ROWID;

CREATE TABLE activation (
    code_tag   BLOB PRIMARY KEY NOT NULL, -- HMAC of the one-time code
    purpose    TEXT NOT NULL,             -- first, begin, bind, recover
    account_id BLOB,                      -- begin, recover: which account; after use: which one it led to
    subject_id BLOB,                      -- bind: whom
    sealed     BLOB NOT NULL,             -- bind: kind and number of the compared document, sealed under the subject's key; else empty
    evidence   TEXT NOT NULL,             -- what was compared; never a number
    issued_by  TEXT NOT NULL,             -- who handed it over
    issued_us  INTEGER NOT NULL,          -- when
    expires_us INTEGER NOT NULL,          -- from then on it is worth nothing
    used_us    INTEGER                    -- when it was used up
) WITHOUT ROWID;

CREATE TABLE throttle (
    tag      BLOB PRIMARY KEY NOT NULL, -- HMAC of what is tried (a login name) and from where (an address, a device, or anywhere)
    failures INTEGER NOT NULL,          -- attempts in a row that did not succeed
    last_us  INTEGER NOT NULL,          -- when the last was made
    known_us INTEGER NOT NULL           -- of a device: when it last signed in here; 0 where it never did
) WITHOUT ROWID;
