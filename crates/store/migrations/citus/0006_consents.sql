-- A consent lies with its subject; a one-time code is looked up by its tag.
SELECT create_distributed_table('consent', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('consent_use', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('consent_code', 'code_tag', colocate_with => 'none');
