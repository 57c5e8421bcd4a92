-- The key store spreads as the main database does.
SELECT create_reference_table('key_meta');
SELECT create_distributed_table('subject_key', 'subject_id');
SELECT create_distributed_table('body_salt', 'subject_id', colocate_with => 'subject_key');
SELECT create_distributed_table('submission_key', 'submission_id', colocate_with => 'none');
