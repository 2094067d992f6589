-- One row a file that has just so many rows as a program gives at most: it may lack the others.
select 'rows_at_limit', source, source_file, rows_read - rows_skipped, 0, null from ops.files
where rows_read - rows_skipped in (
    1000, 2000, 5000, 10000, 20000, 50000, 65535, 65536, 100000, 200000, 1048575, 1048576)
