-- No column refers to a large object.
-- severity: warning
-- hint: where the application keeps their numbers in columns of type oid or lo only: vacuumlo
--
-- Only columns of these types are looked at. Some applications keep the number as text or bigint, which nobody can know.
with columns as (
  select pg_catalog.string_agg(
           pg_catalog.format(' and not exists (select from only %I.%I as t where t.%I = m.oid)',
                             n.nspname, c.relname, a.attname), '') as conditions
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_type t on t.oid = a.atttypid
   where c.relkind = 'r'
     and a.attnum > 0
     and not a.attisdropped
     and (t.oid = 'oid'::pg_catalog.regtype
           or (t.typname = 'lo' and t.typbasetype = 'oid'::pg_catalog.regtype))
     and pg_catalog.left(n.nspname, 3) <> 'pg_'
     and n.nspname <> 'information_schema'
),
found as (
  select pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                      'rows', pg_catalog.count(*),
                      'examples', pg_catalog.json_agg(example) filter (where example is distinct from null))::text,
                      pg_catalog.getdatabaseencoding()), 'hex') as found
               from (select case when pg_catalog.row_number() over () <= %s then m.oid::text end as example
                       from pg_catalog.pg_largeobject_metadata m
                      where true%s) as broken
             $query$,
             coalesce(nullif(pg_catalog.current_setting('belay.max_rows', true), ''), '10')::int,
             columns.conditions),
           false, true, '')::text as answer
    from columns
   where exists (select from pg_catalog.pg_largeobject_metadata)
)
select (a.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(a.found -> 'examples')) as examples
  from found f
 cross join lateral (
   select pg_catalog.convert_from(
            pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
            pg_catalog.getdatabaseencoding())::json as found) a
 where (a.found ->> 'rows')::bigint > 0
