-- Everything about one account lies on one node; look-ups by a tag are spread by that. A binding lies with its subject.
SELECT create_distributed_table('account', 'account_id', colocate_with => 'none');
SELECT create_distributed_table('account_right', 'account_id', colocate_with => 'account');
SELECT create_distributed_table('credential', 'account_id', colocate_with => 'account');
SELECT create_distributed_table('session', 'account_id', colocate_with => 'account');

SELECT create_distributed_table('account_login', 'login_tag', colocate_with => 'none');
SELECT create_distributed_table('activation', 'code_tag', colocate_with => 'none');
SELECT create_distributed_table('throttle', 'tag', colocate_with => 'none');

SELECT create_distributed_table('account_binding', 'subject_id', colocate_with => 'subject');
