-- How many rows each table has.
-- by: pages
select n.nspname as schema, c.relname as "table",
       pg_catalog.substring(
         pg_catalog.query_to_xml(
           pg_catalog.format(
             'select pg_catalog.count(*) as rows from only %I.%I where true%s%s',
             n.nspname, c.relname,
             ' and ctid >= ''(' || nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint || ',0)''',
             ' and ctid < ''(' || nullif(pg_catalog.current_setting('belay.to_page', true), '')::bigint || ',0)'''),
           false, true, '')::text,
         '<rows>([0-9]+)</rows>')::bigint as rows
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.oid = any (pg_catalog.string_to_array(pg_catalog.current_setting('belay.relations'), ',')::oid[])
   and c.relkind = 'r'
