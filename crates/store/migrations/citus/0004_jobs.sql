SELECT create_distributed_table('job', 'subject_id', colocate_with => 'subject');
