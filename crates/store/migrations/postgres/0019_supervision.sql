-- Which authority supervises which (主管部门). It is told of complaints about the one that it supervises, reads the line complained of, and may comment.

CREATE TABLE supervision (
    authority  TEXT NOT NULL PRIMARY KEY, -- code of the authority that is supervised
    supervisor TEXT NOT NULL,             -- code of the one that supervises it; '' where none does any more
    set_us     BIGINT NOT NULL           -- when that was registered
);
CREATE INDEX supervision_of ON supervision (supervisor);
