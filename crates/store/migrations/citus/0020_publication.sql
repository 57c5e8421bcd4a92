-- Texts for a public page lie with whom the record is about.
SELECT create_distributed_table('publication', 'subject_id', colocate_with => 'subject');
