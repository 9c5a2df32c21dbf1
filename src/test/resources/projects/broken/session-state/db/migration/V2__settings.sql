set search_path = pg_catalog;
set statement_timeout = '1h';
set role pg_read_all_data;
reset all;
