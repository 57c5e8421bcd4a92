-- Few, and read along with complaints of everybody.
SELECT create_reference_table('supervision');
