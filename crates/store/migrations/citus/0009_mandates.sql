-- A mandate lies with whom it is about, the way to it with who acts; a one-time code is looked up by its tag.
SELECT create_distributed_table('mandate', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('mandate_holder', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('mandate_code', 'code_tag', colocate_with => 'none');
