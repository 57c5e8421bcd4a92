-- Leaves are walked in order and found by their place; tiles, the head and witnesses are few, or read by everyone.
SELECT create_distributed_table('log_leaf', 'leaf_index', colocate_with => 'none');
SELECT create_distributed_table('log_tile', 'part', colocate_with => 'none');
SELECT create_reference_table('log_head');
SELECT create_reference_table('log_witness');
SELECT create_distributed_table('log_hidden', 'subject_id', colocate_with => 'subject');
