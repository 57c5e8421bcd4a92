-- A proceeding, what was handed in with it and whom its decision reaches lie with whom it is about; a number is looked up by its tag.
SELECT create_distributed_table('proceeding', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('proceeding_file', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('follow_up', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('proceeding_number', 'number_tag', colocate_with => 'none');
