-- What statistics are made from, kept when it happens or once a month, so that nobody counts through everything for a page. No row is about a person:
-- they say how authorities send, and how often each matter was asked about in a month.

CREATE TABLE submission_figure (
    submission_id BIGINT PRIMARY KEY NOT NULL, -- the accepted submission
    authority     TEXT COLLATE "C" NOT NULL,             -- sending office
    month         BIGINT NOT NULL,             -- month of its acceptance in China: 202610
    row_count     BIGINT NOT NULL,             -- rows with content
    taken         BIGINT NOT NULL,             -- of them, neither refused nor held
    refused       BIGINT NOT NULL,             -- of them, refused
    held          BIGINT NOT NULL,             -- of them, held for a human
    judged        BIGINT NOT NULL,             -- new records of an item whose catalogue entry says within how many working days it is sent
    in_time       BIGINT NOT NULL              -- of those, decided so few working days before the acceptance, or fewer
);
CREATE INDEX submission_figure_month ON submission_figure (month);

CREATE TABLE check_count (
    month  BIGINT NOT NULL, -- a month that is over: 202610
    matter TEXT COLLATE "C" NOT NULL, -- code of a matter; empty in the row that says that the month was counted
    checks BIGINT NOT NULL, -- how often it was answered in that month; in the row of the month, in all
    PRIMARY KEY (month, matter)
);
