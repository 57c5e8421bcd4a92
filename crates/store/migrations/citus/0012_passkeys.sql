-- Looked up by its key and by nothing else.
SELECT create_distributed_table('ceremony', 'ceremony_tag', colocate_with => 'none');
