-- Who acts for whom. The two names and numbers, what it covers, the paper and who recorded it are sealed under the key of the one for whom
-- somebody acts. A row counts only with a fitting seal, and only where no later entry of that one's log tells of it.

CREATE TABLE mandate (
    subject_id BLOB NOT NULL,    -- for whom somebody acts: a person or an organisation, as a reader of their own records
    mandate_id BLOB NOT NULL,    -- first 16 bytes of HMAC(number of the mandate)
    kind       INTEGER NOT NULL, -- 1 attorney, 2 guardian, 3 legal representative, 4 agent of an organisation
    given      INTEGER NOT NULL, -- 1 in an account, 2 recorded at a window
    stage      INTEGER NOT NULL, -- 1 offered, 2 accepted or recorded, 3 revoked, 4 given up, 5 ended at a window
    actor_id   BLOB,             -- who acts, as a reader of their own records; NULL while it is offered
    parent_id  BLOB,             -- mandate of the legal representative who granted it; NULL for all but agents
    from_us    INTEGER NOT NULL, -- from when it holds
    until_us   INTEGER NOT NULL, -- from when no longer
    granted_us INTEGER NOT NULL, -- when it was granted or recorded
    line       INTEGER NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed     BLOB NOT NULL,    -- number, both persons, what it covers, the paper, who granted or recorded it: sealed under the key of subject_id
    seal       BLOB NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no mandate
    PRIMARY KEY (subject_id, mandate_id)
) WITHOUT ROWID;

-- Leads from who acts to the mandate. It gives no power: what it leads to says who acts.
CREATE TABLE mandate_holder (
    subject_id  BLOB NOT NULL, -- who acts, as a reader of their own records
    mandate_id  BLOB NOT NULL, -- on which mandate
    mandator_id BLOB NOT NULL, -- for whom
    PRIMARY KEY (subject_id, mandate_id)
) WITHOUT ROWID;

CREATE TABLE mandate_code (
    code_tag   BLOB PRIMARY KEY NOT NULL, -- HMAC of the one-time code of an offer
    subject_id BLOB NOT NULL,             -- whose offer
    mandate_id BLOB NOT NULL,             -- which; its row says whether the code was used
    seal       BLOB NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one leads nowhere
) WITHOUT ROWID;
