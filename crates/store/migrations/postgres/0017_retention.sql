-- What the end of retention needs: records by the end of their display, so that the daily round finds what is due and reads nothing else; and the documents
-- of a subject, who is forgotten once nothing must stay. Ids of subjects rise with time, so the second index is appended to.

CREATE INDEX version_ended ON version (item, display_until) WHERE display_until IS NOT NULL AND state <> 3;
CREATE INDEX subject_document_of_subject ON subject_document (subject_id);
