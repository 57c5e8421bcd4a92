-- Checking finds the versions that one change of the catalogue wrote by the number of its log entry. Partial: rows of files,
-- which are nearly all, have no place in it.
CREATE INDEX version_of_catalogue ON version (row_no, leaf) WHERE submission_id = 0 AND cause = 3;
