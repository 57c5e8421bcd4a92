-- What statistics are made from, kept when it happens or once a month, so that nobody counts through everything for a page. No row is about a person:
-- they say how authorities send, and how often each matter was asked about in a month.

CREATE TABLE submission_figure (
    submission_id INTEGER PRIMARY KEY NOT NULL, -- the accepted submission
    authority     TEXT NOT NULL,             -- sending office
    month         INTEGER NOT NULL,             -- month of its acceptance in China: 202610
    row_count     INTEGER NOT NULL,             -- rows with content
    taken         INTEGER NOT NULL,             -- of them, neither refused nor held
    refused       INTEGER NOT NULL,             -- of them, refused
    held          INTEGER NOT NULL,             -- of them, held for a human
    judged        INTEGER NOT NULL,             -- new records of an item whose catalogue entry says within how many working days it is sent
    in_time       INTEGER NOT NULL              -- of those, decided so few working days before the acceptance, or fewer
);
CREATE INDEX submission_figure_month ON submission_figure (month);

CREATE TABLE check_count (
    month  INTEGER NOT NULL, -- a month that is over: 202610
    matter TEXT NOT NULL, -- code of a matter; empty in the row that says that the month was counted
    checks INTEGER NOT NULL, -- how often it was answered in that month; in the row of the month, in all
    PRIMARY KEY (month, matter)
);
