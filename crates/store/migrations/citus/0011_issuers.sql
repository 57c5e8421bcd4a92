-- Each is looked up by its key and by nothing else.
SELECT create_distributed_table('issuer', 'name', colocate_with => 'none');
SELECT create_distributed_table('account_identity', 'identity_tag', colocate_with => 'none');
SELECT create_distributed_table('sign_in', 'state_tag', colocate_with => 'none');
