-- Everything about one machine lies on one node: a token names its machine. What somebody sends again is looked up by who they are.
SELECT create_distributed_table('client', 'client_id', colocate_with => 'none');
SELECT create_distributed_table('client_key', 'client_id', colocate_with => 'client');
SELECT create_distributed_table('client_token', 'client_id', colocate_with => 'client');
SELECT create_distributed_table('client_assertion', 'client_id', colocate_with => 'client');
SELECT create_distributed_table('idempotency', 'actor_id', colocate_with => 'none');
