-- What a person allows somebody named. To whom, for what and by whom it was recorded is sealed under the person's key; what is needed to see
-- whether it stands is in columns. A row counts only with a fitting seal, and only where no later entry of the person's log tells of it.

CREATE TABLE consent (
    subject_id   BYTEA NOT NULL,    -- the person, as a reader of their own records
    consent_id   BYTEA NOT NULL,    -- first 16 bytes of HMAC(number of the receipt)
    confirmed    BIGINT NOT NULL, -- 1 by the person's own account, 2 by a one-time code, 3 on signed paper at a window
    stopped      BIGINT NOT NULL, -- 1 no, 2 withdrawn, 3 said not to be given freely
    from_us      BIGINT NOT NULL, -- from when it holds
    until_us     BIGINT NOT NULL, -- from when no longer
    uses         BIGINT NOT NULL, -- how often it may be used
    used         BIGINT NOT NULL, -- how often it was
    granted_us   BIGINT NOT NULL, -- when it was granted
    line         BIGINT NOT NULL, -- number of the entry in the person's log that wrote this row last
    sealed       BYTEA NOT NULL,    -- number, recipient, purpose, matter, classes, who granted or recorded it: sealed under the person's key
    seal         BYTEA NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no consent
    PRIMARY KEY (subject_id, consent_id)
);

CREATE TABLE consent_use (
    subject_id BYTEA NOT NULL,    -- the person
    consent_id BYTEA NOT NULL,    -- which consent
    number     BIGINT NOT NULL, -- 1, 2, 3 …
    at_us      BIGINT NOT NULL, -- when
    sealed     BYTEA NOT NULL,    -- authority, number of the check and of the application: sealed under the person's key
    PRIMARY KEY (subject_id, consent_id, number)
);

CREATE TABLE consent_code (
    code_tag   BYTEA PRIMARY KEY NOT NULL, -- HMAC of the one-time code
    subject_id BYTEA NOT NULL,             -- whose consent
    consent_id BYTEA NOT NULL,             -- which; its row says whether the code was used
    seal       BYTEA NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one leads nowhere
);
