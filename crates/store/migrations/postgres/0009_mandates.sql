-- Who acts for whom. The two names and numbers, what it covers, the paper and who recorded it are sealed under the key of the one for whom
-- somebody acts. A row counts only with a fitting seal, and only where no later entry of that one's log tells of it.

CREATE TABLE mandate (
    subject_id BYTEA NOT NULL,    -- for whom somebody acts: a person or an organisation, as a reader of their own records
    mandate_id BYTEA NOT NULL,    -- first 16 bytes of HMAC(number of the mandate)
    kind       BIGINT NOT NULL, -- 1 attorney, 2 guardian, 3 legal representative, 4 agent of an organisation
    given      BIGINT NOT NULL, -- 1 in an account, 2 recorded at a window
    stage      BIGINT NOT NULL, -- 1 offered, 2 accepted or recorded, 3 revoked, 4 given up, 5 ended at a window
    actor_id   BYTEA,             -- who acts, as a reader of their own records; NULL while it is offered
    parent_id  BYTEA,             -- mandate of the legal representative who granted it; NULL for all but agents
    from_us    BIGINT NOT NULL, -- from when it holds
    until_us   BIGINT NOT NULL, -- from when no longer
    granted_us BIGINT NOT NULL, -- when it was granted or recorded
    line       BIGINT NOT NULL, -- number of the entry in the log of subject_id that wrote this row last
    sealed     BYTEA NOT NULL,    -- number, both persons, what it covers, the paper, who granted or recorded it: sealed under the key of subject_id
    seal       BYTEA NOT NULL,    -- 32 bytes: HMAC of the columns before; a row without a fitting one is no mandate
    PRIMARY KEY (subject_id, mandate_id)
);

-- Leads from who acts to the mandate. It gives no power: what it leads to says who acts.
CREATE TABLE mandate_holder (
    subject_id  BYTEA NOT NULL, -- who acts, as a reader of their own records
    mandate_id  BYTEA NOT NULL, -- on which mandate
    mandator_id BYTEA NOT NULL, -- for whom
    PRIMARY KEY (subject_id, mandate_id)
);

CREATE TABLE mandate_code (
    code_tag   BYTEA PRIMARY KEY NOT NULL, -- HMAC of the one-time code of an offer
    subject_id BYTEA NOT NULL,             -- whose offer
    mandate_id BYTEA NOT NULL,             -- which; its row says whether the code was used
    seal       BYTEA NOT NULL              -- 32 bytes: HMAC of the columns before; a row without a fitting one leads nowhere
);
