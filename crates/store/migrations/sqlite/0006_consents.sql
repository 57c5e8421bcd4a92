-- What a person allows somebody named. To whom, for what and by whom it was recorded is sealed under the person's key; what is needed to see
-- whether it stands is in columns. A row counts only with a fitting seal, and only where no later entry of the person's log tells of it.

CREATE TABLE consent (
    subject_id   BLOB NOT NULL,    -- the person, as a reader of their own records
    consent_id   BLOB NOT NULL,    -- first 16 bytes of HMAC(number of the receipt)
    confirmed    INTEGER NOT NULL, -- 1 by the person's own account, 2 by a one-time code, 3 on signed paper at a window
    stopped      INTEGER NOT NULL, -- 1 no, 2 withdrawn, 3 said not to be given freely
    from_us      INTEGER NOT NULL, -- from when it holds
    until_us     INTEGER NOT NULL, -- from when no longer
    uses         INTEGER NOT NULL, -- how often it may be used
    used         INTEGER NOT NULL, -- how often it was
    granted_us   INTEGER NOT NULL, -- when it was granted
    line         INTEGER NOT NULL, -- number of the entry in the person's log that wrote this row last
    sealed       BLOB NOT NULL,    -- number, recipient, purpose, matter, classes, who granted or recorded it: sealed under the person's key
    seal         BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no consent
    PRIMARY KEY (subject_id, consent_id)
) WITHOUT ROWID;

CREATE TABLE consent_use (
    subject_id BLOB NOT NULL,    -- the person
    consent_id BLOB NOT NULL,    -- which consent
    number     INTEGER NOT NULL, -- 1, 2, 3 …
    at_us      INTEGER NOT NULL, -- when
    sealed     BLOB NOT NULL,    -- authority, number of the check and of the application: sealed under the person's key
    PRIMARY KEY (subject_id, consent_id, number)
) WITHOUT ROWID;

CREATE TABLE consent_code (
    code_tag   BLOB PRIMARY KEY NOT NULL, -- HMAC of the one-time code
    subject_id BLOB NOT NULL,             -- whose consent
    consent_id BLOB NOT NULL,             -- which; its row says whether the code was used
    seal       BLOB NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one leads nowhere
) WITHOUT ROWID;
