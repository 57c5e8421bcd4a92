-- A complaint lies with whoever complains.
SELECT create_distributed_table('complaint', 'subject_id', colocate_with => 'subject');
