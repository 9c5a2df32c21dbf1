-- Rows break a check constraint of their table.
-- severity: error
-- by: pages
-- only-where: exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'c')
-- hint: correct the rows; then, where it is NOT VALID: alter table ... validate constraint ...
--
-- Every constraint is looked at, whether PostgreSQL believes it or not. Unset, the settings belay.* mean every table, all of it, ten examples.
with asked as (
  select coalesce(
           pg_catalog.string_to_array(nullif(pg_catalog.current_setting('belay.relations', true), ''), ',')::oid[],
           array(select c.oid
                   from pg_catalog.pg_class c
                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('r')
                    and pg_catalog.left(n.nspname, 3) <> 'pg_'
                    and n.nspname <> 'information_schema')) as relations,
         coalesce(nullif(pg_catalog.current_setting('belay.max_rows', true), ''), '10')::int as most,
         coalesce(' and ctid >= ''('
                    || nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint || ',0)''', '')
           || coalesce(' and ctid < ''('
                    || nullif(pg_catalog.current_setting('belay.to_page', true), '')::bigint || ',0)''', '') as pages
),
found as (
  select n.nspname as schema, c.relname as "table", k.conname as "constraint",
         pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                      'rows', pg_catalog.count(*),
                      'examples', pg_catalog.json_agg(example) filter (where example is distinct from null))::text,
                      pg_catalog.getdatabaseencoding()), 'hex') as found
               from (select case when pg_catalog.row_number() over () <= %s then pg_catalog.left(
                              (select pg_catalog.to_json(shown)::text from (select %s) as shown), 300) end as example
                       from only %I.%I
                      where (%s) is false%s) as broken
             $query$,
             asked.most,
             coalesce(
               (select pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ' order by a.attnum)
                  from pg_catalog.pg_attribute a
                  join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
                 where a.attrelid = c.oid
                   and a.attnum = any (i.indkey::int2[])),
               'ctid::text as ctid'),
             n.nspname, c.relname,
             pg_catalog.pg_get_expr(k.conbin, k.conrelid),
             asked.pages),
           false, true, '')::text as answer
    from asked
    join pg_catalog.pg_constraint k on k.conrelid = any (asked.relations) and k.contype = 'c'
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r'
     and coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced', 'true') = 'true'
)
select f.schema, f."table", f."constraint",
       (a.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(a.found -> 'examples')) as examples
  from found f
 cross join lateral (
   select pg_catalog.convert_from(
            pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
            pg_catalog.getdatabaseencoding())::json as found) a
 where (a.found ->> 'rows')::bigint > 0
 order by 1, 2, 3
