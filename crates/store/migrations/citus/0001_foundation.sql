-- Everything about one subject lies on one node; look-ups by a tag, and what belongs to a submission, are spread by that.
-- What everyone reads, and what is few, is on every node.
SELECT create_reference_table('installation');
SELECT create_reference_table('catalogue_version');
SELECT create_reference_table('layout');
SELECT create_reference_table('clause_confirmation');
SELECT create_reference_table('authority');
SELECT create_reference_table('column_mapping');
SELECT create_reference_table('submission');
SELECT create_reference_table('erasure');
SELECT create_reference_table('held');

-- It has no primary key, which would repeat this index; without either, its shards could be moved only while nobody writes.
ALTER TABLE version REPLICA IDENTITY USING INDEX version_of_record;

SELECT create_distributed_table('subject', 'subject_id');
SELECT create_distributed_table('subject_name', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('version', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('source_seen', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('record_lock', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('report', 'subject_id', colocate_with => 'subject');
SELECT create_distributed_table('log_entry', 'subject_id', colocate_with => 'subject');

SELECT create_distributed_table('subject_document', 'tag', colocate_with => 'none');
SELECT create_distributed_table('report_code', 'code_tag', colocate_with => 'none');

SELECT create_distributed_table('submission_chunk', 'submission_id', colocate_with => 'none');
SELECT create_distributed_table('submission_tile', 'submission_id', colocate_with => 'submission_chunk');
SELECT create_distributed_table('submission_member', 'submission_id', colocate_with => 'submission_chunk');
SELECT create_distributed_table('refusal', 'submission_id', colocate_with => 'submission_chunk');
