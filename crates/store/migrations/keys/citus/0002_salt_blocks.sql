SELECT create_distributed_table('salt_block', 'submission_id', colocate_with => 'submission_key');
