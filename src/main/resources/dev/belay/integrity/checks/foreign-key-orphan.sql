-- Rows refer to rows that are not there.
-- severity: error
-- by: pages
-- only-where: exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'f')
-- hint: add the missing rows, or correct or delete the rows that refer to them
--
-- Every foreign key is looked at, whether PostgreSQL believes it or not: also those that are NOT VALID, or
-- whose triggers are or were off. Unset, the settings belay.* mean every table, all of it, ten examples.
with asked as (
  select coalesce(
           pg_catalog.string_to_array(nullif(pg_catalog.current_setting('belay.relations', true), ''), ',')::oid[],
           array(select c.oid
                   from pg_catalog.pg_class c
                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  where c.relkind = 'r'
                    and pg_catalog.left(n.nspname, 3) <> 'pg_'
                    and n.nspname <> 'information_schema')) as relations,
         coalesce(nullif(pg_catalog.current_setting('belay.max_rows', true), ''), '10')::int as most,
         coalesce(' and belay_child.ctid >= ''('
                    || nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint || ',0)''', '')
           || coalesce(' and belay_child.ctid < ''('
                    || nullif(pg_catalog.current_setting('belay.to_page', true), '')::bigint || ',0)''', '') as pages
),
-- A key of a partitioned table has a copy for each partition: the leaves are read. Where the table referred to
-- is partitioned there are further copies, one for each of its partitions, which hold for no row alone.
keys as (
  select k.conname, k.conrelid, k.confrelid, k.confmatchtype, k.conkey,
         pg_catalog.string_agg(
           pg_catalog.format(
             'belay_parent.%I%s operator(%I.%s) belay_child.%I%s%s',
             pa.attname,
             case when pa.atttypid <> o.oprleft and tl.typtype <> 'p'
                  then '::' || pg_catalog.format_type(o.oprleft, -1) end,
             n.nspname, o.oprname,
             ca.attname,
             case when ca.atttypid <> o.oprright and tr.typtype <> 'p'
                  then '::' || pg_catalog.format_type(o.oprright, -1) end,
             case when pa.attcollation <> ca.attcollation and pa.attcollation <> 0
                  then pg_catalog.format(' collate %I.%I', ln.nspname, l.collname) end),
           ' and ' order by u.at) as same,
         pg_catalog.string_agg(
           pg_catalog.format('belay_child.%I is distinct from null', ca.attname), ' and ' order by u.at) as given,
         pg_catalog.string_agg(pg_catalog.format('belay_child.%I', ca.attname), ', ' order by u.at) as columns
    from asked
    join pg_catalog.pg_constraint k on k.conrelid = any (asked.relations) and k.contype = 'f'
   cross join lateral rows from (
           pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey), pg_catalog.unnest(k.conpfeqop))
         with ordinality as u (child, parent, operator, at)
    join pg_catalog.pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = u.child
    join pg_catalog.pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = u.parent
    join pg_catalog.pg_operator o on o.oid = u.operator
    join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
    join pg_catalog.pg_type tl on tl.oid = o.oprleft
    join pg_catalog.pg_type tr on tr.oid = o.oprright
    left join pg_catalog.pg_collation l on l.oid = pa.attcollation
    left join pg_catalog.pg_namespace ln on ln.oid = l.collnamespace
   where not exists (
           select from pg_catalog.pg_constraint up where up.oid = k.conparentid and up.conrelid = k.conrelid)
     and coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced', 'true') = 'true'
     and coalesce(pg_catalog.to_jsonb(k) ->> 'conperiod', 'false') = 'false'
   group by k.oid, k.conname, k.conrelid, k.confrelid, k.confmatchtype, k.conkey
),
found as (
  select c.oid, cn.nspname as schema, c.relname as "table", k.conname as "constraint",
         pn.nspname || '.' || p.relname as "refersTo",
         pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                      'rows', pg_catalog.count(*),
                      'examples', pg_catalog.json_agg(example) filter (where example is distinct from null))::text,
                      pg_catalog.getdatabaseencoding()), 'hex') as found
               from (select case when pg_catalog.row_number() over () <= %s then pg_catalog.left(
                              (select pg_catalog.to_json(shown)::text from (select %s) as shown), 300) end as example
                       from only %I.%I as belay_child
                      where %s%s) as broken
             $query$,
             asked.most,
             coalesce(
               (select pg_catalog.string_agg(pg_catalog.format('belay_child.%I', a.attname), ', ' order by a.attnum)
                  from pg_catalog.pg_attribute a
                 where a.attrelid = c.oid
                   and (a.attnum = any (k.conkey)
                         or a.attnum = any ((select i.indkey::int2[] from pg_catalog.pg_index i
                                              where i.indrelid = c.oid and i.indisprimary)::int2[]))),
               'belay_child.ctid::text as ctid'),
             cn.nspname, c.relname,
             pg_catalog.format(
               case when k.confmatchtype = 'f'
                    then 'pg_catalog.num_nonnulls(%1$s) > 0 and not (%2$s and exists (select from %3$s%4$I.%5$I as belay_parent where %6$s))'
                    else '%2$s and not exists (select from %3$s%4$I.%5$I as belay_parent where %6$s)' end,
               k.columns, k.given, case when p.relkind = 'p' then '' else 'only ' end, pn.nspname, p.relname, k.same),
             asked.pages),
           false, true, '')::text as answer
    from asked, keys k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
    join pg_catalog.pg_class p on p.oid = k.confrelid
    join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
   where c.relkind = 'r'
)
select f.schema, f."table", f."constraint", f."refersTo",
       (a.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(a.found -> 'examples')) as examples
  from found f
 cross join lateral (
   select pg_catalog.convert_from(
            pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
            pg_catalog.getdatabaseencoding())::json as found) a
 where (a.found ->> 'rows')::bigint > 0
 order by 1, 2, 3
