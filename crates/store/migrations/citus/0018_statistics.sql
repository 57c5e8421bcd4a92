-- Few rows that everybody reads, as of submissions: on every node.
SELECT create_reference_table('submission_figure');
SELECT create_reference_table('check_count');
