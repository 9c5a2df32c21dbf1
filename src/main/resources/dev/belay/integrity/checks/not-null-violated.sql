-- Rows have no value where the column is declared not null.
-- severity: error
-- by: pages
-- hint: give the rows a value, or take the declaration back: alter table ... alter column ... drop not null
--
-- num_nulls is asked, since PostgreSQL takes "is null" of such a column for false without looking.
-- Unset, the settings belay.* mean every table, all of it, ten examples.
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
         coalesce(' and belay_row.ctid >= ''('
                    || nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint || ',0)''', '')
           || coalesce(' and belay_row.ctid < ''('
                    || nullif(pg_catalog.current_setting('belay.to_page', true), '')::bigint || ',0)''', '') as pages
),
columns as (
  select a.attrelid, a.attname,
         (pg_catalog.row_number() over (partition by a.attrelid order by a.attnum) - 1) / 50 as part
    from asked
    join pg_catalog.pg_attribute a on a.attrelid = any (asked.relations)
   where a.attnum > 0
     and not a.attisdropped
     and (a.attnotnull
           or a.attnum = any ((select i.indkey::int2[] from pg_catalog.pg_index i
                                where i.indrelid = a.attrelid and i.indisprimary)::int2[]))
),
conditions as (
  select p.attrelid,
         pg_catalog.string_agg('pg_catalog.num_nulls(' || p.columns || ') > 0', ' or ') as any_null,
         pg_catalog.string_agg(p.each, ', ') as each
    from (select k.attrelid, k.part,
                 pg_catalog.string_agg(pg_catalog.format('belay_row.%I', k.attname), ', ') as columns,
                 pg_catalog.string_agg(
                   pg_catalog.format('(%L, pg_catalog.num_nulls(belay_row.%I))', k.attname, k.attname), ', ') as each
            from columns k
           group by k.attrelid, k.part) p
   group by p.attrelid
),
found as (
  select n.nspname as schema, c.relname as "table",
         pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select pg_catalog.encode(pg_catalog.convert_to(coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                      'column', name, 'rows', rows, 'examples', examples)), '[]')::text,
                      pg_catalog.getdatabaseencoding()), 'hex') as found
               from (select name, pg_catalog.count(*) as rows,
                            pg_catalog.json_agg(example) filter (where example is distinct from null) as examples
                       from (select belay_column.name,
                                    case when pg_catalog.row_number() over (partition by belay_column.name) <= %s
                                         then pg_catalog.left((select pg_catalog.to_json(shown)::text
                                                                 from (select %s) as shown), 300) end as example
                               from only %I.%I as belay_row
                              cross join lateral (values %s) as belay_column (name, nulls)
                              where (%s) and belay_column.nulls > 0%s) as broken
                      group by name) as counted
             $query$,
             asked.most,
             coalesce(
               (select pg_catalog.string_agg(pg_catalog.format('belay_row.%I', a.attname), ', ' order by a.attnum)
                  from pg_catalog.pg_attribute a
                  join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
                 where a.attrelid = c.oid
                   and a.attnum = any (i.indkey::int2[])),
               'belay_row.ctid::text as ctid'),
             n.nspname, c.relname, k.each, k.any_null, asked.pages),
           false, true, '')::text as answer
    from asked, conditions k
    join pg_catalog.pg_class c on c.oid = k.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r'
)
select f.schema, f."table", e.found ->> 'column' as "column",
       (e.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(e.found -> 'examples')) as examples
  from found f
 cross join lateral pg_catalog.json_array_elements(
   pg_catalog.convert_from(
     pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
     pg_catalog.getdatabaseencoding())::json) as e (found)
 order by 1, 2, 3
