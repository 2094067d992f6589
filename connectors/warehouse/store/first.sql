-- What a new file has beside the tables of rows and figures.
create schema if not exists loaded; create schema if not exists staged; create schema if not exists metrics;
create schema if not exists ops;
create table ops.meta (key varchar primary key, value varchar);
create sequence ops.load_ids;
create table ops.runs (run_id varchar primary key, started_at timestamp, finished_at timestamp, as_of date,
    status varchar, trigger varchar, version varchar, config_hash varchar);
create table ops.files (load_id bigint primary key, source varchar, table_name varchar, file varchar,
    source_file varchar, content_hash varchar, fingerprint varchar, modified_at double, tab varchar,
    link varchar, profile varchar,
    certainty double, vat varchar, currency varchar, timezone varchar, is_clients_period boolean,
    rows_read bigint, rows_rejected bigint, rows_skipped bigint, rows_without_amount bigint,
    money_read_rub decimal(18,2), money_rejected_rub decimal(18,2), money_skipped_rub decimal(18,2),
    data_from_on date, data_to_on date,
    run_id varchar, loaded_at timestamp, rows_corrected bigint, money_corrected_rub decimal(18,2));
create table ops.loads (run_id varchar, source varchar, source_file varchar, content_hash varchar, rows_read bigint,
    rows_staged bigint, rows_rejected bigint, rows_duplicate bigint, rows_skipped bigint, rows_without_amount bigint,
    money_read_rub decimal(18,2), money_staged_rub decimal(18,2), money_rejected_rub decimal(18,2),
    money_duplicate_rub decimal(18,2), money_skipped_rub decimal(18,2), data_from_on date, data_to_on date,
    load_id bigint, is_read boolean, rows_corrected bigint, money_corrected_rub decimal(18,2));
create table ops.unmapped (run_id varchar, dictionary varchar, alias varchar, rows bigint, money_rub decimal(18,2),
    suggestion varchar);
create table ops.notices (run_id varchar, kind varchar, source varchar, source_file varchar, rows bigint,
    money_rub decimal(18,2), detail varchar);
create table ops.sources (source varchar, table_name varchar, profile varchar, vat varchar, currency varchar,
    timezone varchar, stale_days integer, data_from_on date, data_to_on date, loaded_at timestamp, is_stale boolean,
    is_available boolean, problem varchar, rows_staged bigint);
create table ops.snapshots (source varchar, first_data_on date);
create table loaded.rejects (load_id bigint, source_row bigint, column_name varchar, value varchar, reason varchar,
    is_row_kept boolean);
create table loaded.notices (load_id bigint, kind varchar, rows bigint, money_rub decimal(18,2), detail varchar);
create table loaded.aliases (load_id bigint, dictionary varchar, alias varchar);
create table loaded.names (dictionary varchar, alias varchar, name varchar);
create table loaded.history (source varchar, source_file varchar, snapshot varchar, kind varchar,
    subscriber_id varchar using compression uncompressed, on_date date, run_id varchar);
create table loaded.departures (source varchar, subscriber_id varchar, departed_on date);
create table loaded.activity_derived (subscriber_id varchar using compression uncompressed, active_on date,
    kind varchar, source varchar,
    source_file varchar, source_row bigint);
create view ops.rejects as
    select loads.run_id, loads.source, loads.source_file, rejects.source_row, rejects.column_name, rejects.value,
        rejects.reason, rejects.is_row_kept
    from loaded.rejects as rejects join ops.loads as loads using (load_id);
