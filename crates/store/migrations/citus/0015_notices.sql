-- A notice lies with whom it is for, a channel with whose it is; what authorities are told is few and on every node.
SELECT create_distributed_table('notice', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('channel', 'subject_id', colocate_with => 'subject');
SELECT create_reference_table('office_notice');
