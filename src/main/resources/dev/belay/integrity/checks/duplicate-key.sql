-- Rows share a key that is declared unique, or the index of the key has lost them.
-- severity: error
-- by: pages
-- only-where: exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisunique)
-- hint: keep one row of each key, then: reindex index concurrently ...; look for the cause: collation-version, failing disks
--
-- The index is not believed, since one that is damaged hides them. All of a table is grouped by its key, from the
-- table's own rows; offset 0 keeps a partial index from being used for its condition. Of a range of pages, each row
-- must be the one row, and the only one, that the index finds by its key: of two rows with one key at least one is
-- not. So by ranges, a row that the index has lost is found too.
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
         nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint as from_page,
         coalesce(' and ctid >= ''('
                    || nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint || ',0)''', '')
           || coalesce(' and ctid < ''('
                    || nullif(pg_catalog.current_setting('belay.to_page', true), '')::bigint || ',0)''', '') as pages
),
keys as (
  select i.indexrelid, i.indrelid, i.indpred,
         coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false')::boolean as nulls_count,
         pg_catalog.string_agg(k.expression, ', ' order by k.at) as expressions,
         pg_catalog.string_agg(
           pg_catalog.format('case when (%s) then %s end as k%s',
                             coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), 'true'), k.expression, k.at),
           ', ' order by k.at) as named,
         pg_catalog.string_agg('k' || k.at, ', ' order by k.at) as names,
         pg_catalog.string_agg(
           pg_catalog.format('%s operator(%I.%s) "belay key".k%s', k.expression, k.schema, k.operator, k.at),
           ' and ' order by k.at) as same
    from asked
    join pg_catalog.pg_index i on i.indrelid = any (asked.relations)
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    join pg_catalog.pg_am m on m.oid = x.relam and m.amname = 'btree'
   cross join lateral (
           select u.at,
                  pg_catalog.pg_get_indexdef(i.indexrelid, u.at::int, false)
                    || case when u.collation_id <> 0 and u.collation_id is distinct from t.attcollation
                            then pg_catalog.format(' collate %I.%I', ln.nspname, l.collname) else '' end as expression,
                  n.nspname as schema, o.oprname as operator
             from rows from (pg_catalog.unnest(i.indclass::oid[]), pg_catalog.unnest(i.indcollation::oid[]),
                             pg_catalog.unnest(i.indkey::int2[]))
                  with ordinality as u (class_id, collation_id, column_number, at)
             left join pg_catalog.pg_attribute t on t.attrelid = i.indrelid and t.attnum = u.column_number
             left join pg_catalog.pg_collation l on l.oid = u.collation_id
             left join pg_catalog.pg_namespace ln on ln.oid = l.collnamespace
             join pg_catalog.pg_opclass oc on oc.oid = u.class_id
             join pg_catalog.pg_amop ao
               on ao.amopfamily = oc.opcfamily and ao.amopstrategy = 3
              and ao.amoplefttype = oc.opcintype and ao.amoprighttype = oc.opcintype
             join pg_catalog.pg_operator o on o.oid = ao.amopopr
             join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
            where u.at <= i.indnkeyatts) k
   where i.indisunique and i.indisvalid and i.indisready and i.indislive
   group by i.indexrelid, i.indrelid, i.indpred, pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct'
),
found as (
  select n.nspname as schema, c.relname as "table", x.relname as index,
         pg_catalog.query_to_xml(
           case when asked.pages = '' or k.nulls_count then
             pg_catalog.format(
               $query$
               select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                        'rows', coalesce(pg_catalog.sum(times), 0),
                        'examples', pg_catalog.json_agg(example) filter (where example is distinct from null))::text,
                        pg_catalog.getdatabaseencoding()), 'hex') as found
                 from (select times,
                              case when pg_catalog.row_number() over () <= %1$s
                                   then pg_catalog.left(pg_catalog.to_json(belay_key)::text, 300) || ' x ' || times
                                   end as example
                         from (select belay_key, pg_catalog.count(*) as times
                                 from (select case when (%5$s) then
                                                case when %6$s or pg_catalog.num_nulls(%2$s) = 0
                                                     then row(%2$s) end end as belay_key,
                                              ctid
                                         from only %3$I.%4$I
                                       offset 0) as keyed
                                where belay_key is distinct from null
                                group by belay_key
                               having pg_catalog.count(*) > 1) as grouped) as broken
               $query$,
               asked.most, k.expressions, n.nspname, c.relname,
               coalesce(pg_catalog.pg_get_expr(k.indpred, k.indrelid), 'true'), k.nulls_count::text)
           else
             pg_catalog.format(
               $query$
               select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                        'rows', pg_catalog.count(*),
                        'examples', pg_catalog.json_agg(example) filter (where example is distinct from null))::text,
                        pg_catalog.getdatabaseencoding()), 'hex') as found
                 from (select case when pg_catalog.row_number() over () <= %1$s then pg_catalog.left(
                                (select pg_catalog.to_json(shown)::text from (select %8$s) as shown), 300) end as example
                         from (select %2$s, ctid as belay_place
                                 from only %3$I.%4$I
                                where true%6$s
                               offset 0) as "belay key"
                        where pg_catalog.num_nulls(%8$s) = 0
                          and array(select ctid from only %3$I.%4$I where (%5$s) and %7$s)
                                is distinct from array["belay key".belay_place]) as broken
               $query$,
               asked.most, k.named, n.nspname, c.relname,
               coalesce(pg_catalog.pg_get_expr(k.indpred, k.indrelid), 'true'),
               asked.pages, k.same, k.names)
           end,
           false, true, '')::text as answer
    from asked, keys k
    join pg_catalog.pg_class x on x.oid = k.indexrelid
    join pg_catalog.pg_class c on c.oid = k.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r'
     and (not k.nulls_count or coalesce(asked.from_page, 0) = 0)
)
select f.schema, f."table", f.index,
       (a.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(a.found -> 'examples')) as examples
  from found f
 cross join lateral (
   select pg_catalog.convert_from(
            pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
            pg_catalog.getdatabaseencoding())::json as found) a
 where (a.found ->> 'rows')::bigint > 0
 order by 1, 2, 3
