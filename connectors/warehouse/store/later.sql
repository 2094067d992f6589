-- Tables that came later than version 1: an older file gets them where they are missing.
create table if not exists ops.file_columns (source varchar, file varchar, column_name varchar);
create table if not exists ops.restated (run_id varchar, shown_as_of date, period_start date, table_name varchar,
    column_name varchar, was double, is_now double, is_closed boolean);
create table if not exists loaded.legs (load_id bigint, source_row bigint, day_on date, money_rub decimal(18, 2),
    account varchar);
create table if not exists ops.moved (run_id varchar, table_name varchar, source varchar, source_file varchar,
    period_start date, rows_come bigint, rows_gone bigint, money_come_rub decimal(18, 2),
    money_gone_rub decimal(18, 2), places varchar);
