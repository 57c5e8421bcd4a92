-- What passkeys were asked and have not answered. A passkey itself is a credential of that kind: its name, public key and counter lie sealed in
-- credential.secret, together with whose it is, when it was added and when it was last used (credential.used_us).

CREATE TABLE ceremony (
    ceremony_tag BLOB PRIMARY KEY NOT NULL, -- HMAC of the random value that the browser brings back
    expires_us   INTEGER NOT NULL,          -- from then on no answer counts
    sealed       BLOB NOT NULL              -- what for, of which account and session, and the challenge: sealed together with the columns before
) WITHOUT ROWID;
