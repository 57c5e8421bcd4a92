-- Small, and read by whoever asks for a part.
SELECT create_reference_table('check_batch');
