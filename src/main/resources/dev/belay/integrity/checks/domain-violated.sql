-- Rows have values that their domain does not allow.
-- severity: error
-- by: pages
-- only-where: exists (select from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid left join pg_catalog.pg_type e on e.oid = t.typelem where a.attrelid = c.oid and a.attnum > 0 and (t.typtype in ('d', 'c') or e.typtype in ('d', 'c')))
-- hint: correct the values; then, where it is NOT VALID: alter domain ... validate constraint ...
--
-- Columns of a domain, of a domain over a domain, of an array of a domain, of composites that have them. The
-- condition of a domain speaks of VALUE, which elsewhere is an ordinary name of a column. Unset, the settings belay.* mean every table, all of it, ten examples.
with recursive asked as (
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
-- What a domain is at last: a cast to a domain below it would enforce that one's conditions.
bases as (
  select t.oid as domain, t.typbasetype as base
    from pg_catalog.pg_type t
   where t.typtype = 'd'
  union all
  select b.domain, t.typbasetype
    from bases b
    join pg_catalog.pg_type t on t.oid = b.base and t.typtype = 'd'
),
plain as (
  select b.domain, pg_catalog.format_type(b.base, -1) as base
    from bases b
    join pg_catalog.pg_type t on t.oid = b.base and t.typtype <> 'd'
),
-- Where a value of a type can be reached from a row: an expression, the arrays that must be opened for it, and the
-- composites that must be there, since a field of one that is not there is null and keeps no condition.
places as (
  select a.attrelid, a.atttypid as type, a.attname::text collate "C" as path,
         pg_catalog.format('belay_row.%I', a.attname) collate "C" as expression, '' collate "C" as opened,
         '' collate "C" as there, 0 as depth
    from asked
    join pg_catalog.pg_attribute a on a.attrelid = any (asked.relations)
   where a.attnum > 0
     and not a.attisdropped
  union all
  select p.attrelid, s.type, (p.path || s.path) collate "C", s.expression collate "C",
         (p.opened || s.opened) collate "C", (p.there || s.there) collate "C", p.depth + 1
    from places p
    join pg_catalog.pg_type t on t.oid = p.type
   cross join lateral (
           select t.typbasetype as type, '' as path,
                  pg_catalog.format('(%s)::%s', p.expression, u.base) as expression,
                  '' as opened, '' as there
             from plain u
            where t.typtype = 'd' and u.domain = t.oid
           union all
           select t.typelem, '[]', pg_catalog.format('belay_item%s.item', p.depth),
                  pg_catalog.format(
                    ' cross join lateral (select pg_catalog.unnest(%s) as item) as belay_item%s',
                    p.expression, p.depth), ''
            where t.typelem <> 0 and t.typlen = -1 and t.typtype = 'b'
           union all
           select f.atttypid, '.' || f.attname, pg_catalog.format('(%s).%I', p.expression, f.attname), '',
                  pg_catalog.format(' and (%s) is distinct from null', p.expression)
             from pg_catalog.pg_attribute f
            where t.typtype = 'c' and f.attrelid = t.typrelid and f.attnum > 0 and not f.attisdropped) s
   where p.depth < 8
),
conditions as (
  select p.attrelid, p.path, p.expression, p.opened, p.there, t.oid as domain, u.base,
         k.conname::text as "constraint",
         pg_catalog.format('(%s) is false', pg_catalog.pg_get_expr(k.conbin, 0)) as broken
    from places p
    join pg_catalog.pg_type t on t.oid = p.type and t.typtype = 'd'
    join plain u on u.domain = t.oid
    join pg_catalog.pg_constraint k on k.contypid = t.oid and k.contype = 'c'
  union all
  select p.attrelid, p.path, p.expression, p.opened, p.there, t.oid, u.base,
         'not null', 'pg_catalog.num_nulls(value) > 0'
    from places p
    join pg_catalog.pg_type t on t.oid = p.type and t.typtype = 'd' and t.typnotnull
    join plain u on u.domain = t.oid
),
found as (
  select n.nspname as schema, c.relname as "table", k.path as "column",
         dn.nspname || '.' || d.typname as domain, k."constraint",
         pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                      'rows', pg_catalog.count(*),
                      'examples', pg_catalog.json_agg(example) filter (where example is distinct from null))::text,
                      pg_catalog.getdatabaseencoding()), 'hex') as found
               from (select case when pg_catalog.row_number() over () <= %s then pg_catalog.left(
                              (select pg_catalog.to_json(shown)::text from (select %s) as shown), 300) end as example
                       from only %I.%I as belay_row%s
                      where (select %s from (select (%s)::%s as value) as belay_value)%s%s) as broken
             $query$,
             asked.most,
             coalesce(
               (select pg_catalog.string_agg(pg_catalog.format('belay_row.%I', a.attname), ', ' order by a.attnum)
                  from pg_catalog.pg_attribute a
                  join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
                 where a.attrelid = c.oid
                   and a.attnum = any (i.indkey::int2[])),
               'belay_row.ctid::text as ctid'),
             n.nspname, c.relname, k.opened,
             k.broken, k.expression, k.base,
             k.there, asked.pages),
           false, true, '')::text as answer
    from asked, conditions k
    join pg_catalog.pg_type d on d.oid = k.domain
    join pg_catalog.pg_namespace dn on dn.oid = d.typnamespace
    join pg_catalog.pg_class c on c.oid = k.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r'
)
select f.schema, f."table", f."column", f.domain, f."constraint",
       (a.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(a.found -> 'examples')) as examples
  from found f
 cross join lateral (
   select pg_catalog.convert_from(
            pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
            pg_catalog.getdatabaseencoding())::json as found) a
 where (a.found ->> 'rows')::bigint > 0
 order by 1, 2, 3, 4, 5
