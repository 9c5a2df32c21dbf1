-- A sequence will give values that its column has already.
-- severity: error
-- by: pages
-- hint: select pg_catalog.setval(...) to the highest value of the column, or to the lowest where the sequence counts down
--
-- Where an index leads with the column it is asked once; elsewhere all values are read. Sequences that cycle are
-- passed over, since they give old values by design. Unset, the settings belay.* mean every table, all of it, ten examples.
with asked as (
  select coalesce(
           pg_catalog.string_to_array(nullif(pg_catalog.current_setting('belay.relations', true), ''), ',')::oid[],
           array(select c.oid
                   from pg_catalog.pg_class c
                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('r')
                    and pg_catalog.left(n.nspname, 3) <> 'pg_'
                    and n.nspname <> 'information_schema')) as relations,
         nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint as from_page,
         coalesce(' and ctid >= ''('
                    || nullif(pg_catalog.current_setting('belay.from_page', true), '')::bigint || ',0)''', '')
           || coalesce(' and ctid < ''('
                    || nullif(pg_catalog.current_setting('belay.to_page', true), '')::bigint || ',0)''', '') as pages
),
-- The default or identity of a partition may be that of the table above it.
family as (
  select c.oid as leaf, f.relation
    from asked
    join pg_catalog.pg_class c on c.oid = any (asked.relations) and c.relkind = 'r'
   cross join lateral (
           select c.oid
            union
           select p.relid::oid from pg_catalog.pg_partition_ancestors(c.oid) as p (relid)) as f (relation)
),
-- Serial and identity columns own their sequence; a default may use any.
uses as (
  select distinct f.leaf, a.attname as name, d.objid as sequence
    from family f
    join pg_catalog.pg_depend d
      on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = f.relation and d.refobjsubid > 0
     and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
    join pg_catalog.pg_attribute a on a.attrelid = f.relation and a.attnum = d.refobjsubid
   union
  select f.leaf, a.attname, d.refobjid
    from family f
    join pg_catalog.pg_attrdef e on e.adrelid = f.relation
    join pg_catalog.pg_depend d
      on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = e.oid
     and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    join pg_catalog.pg_attribute a on a.attrelid = f.relation and a.attnum = e.adnum
),
columns as (
  select c.oid, n.nspname as schema, c.relname as "table", a.attname as "column",
         qn.nspname || '.' || q.relname as sequence, s.seqincrement, s.seqmin, s.seqmax, x.indexed,
         pg_catalog.substring(
           pg_catalog.query_to_xml(
             pg_catalog.format(
               'select case when is_called then greatest(least(last_value::numeric + %s, %s), %s) else last_value end as next from %I.%I',
               s.seqincrement, s.seqmax, s.seqmin, qn.nspname, q.relname),
             false, true, '')::text,
           '<next>([-0-9]*)</next>')::bigint as next
    from uses u
    join pg_catalog.pg_sequence s on s.seqrelid = u.sequence and not s.seqcycle
    join pg_catalog.pg_class q on q.oid = s.seqrelid
    join pg_catalog.pg_namespace qn on qn.oid = q.relnamespace
    join pg_catalog.pg_class c on c.oid = u.leaf
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = u.name and not a.attisdropped
   cross join lateral (
           select exists (
                    select from pg_catalog.pg_index x
                     where x.indrelid = c.oid and x.indkey[0] = a.attnum
                       and x.indisvalid and x.indpred is null) as indexed) x
   where a.atttypid in ('int2'::pg_catalog.regtype, 'int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype,
                        'numeric'::pg_catalog.regtype)
),
found as (
  select k.schema, k."table", k."column", k.sequence,
         pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select pg_catalog.encode(pg_catalog.convert_to(pg_catalog.json_build_object(
                      'rows', pg_catalog.count(*),
                      'examples', pg_catalog.json_build_array(
                        pg_catalog.format('%%s, and the sequence gives %1$s next', pg_catalog.%7$s(%2$I))))::text,
                      pg_catalog.getdatabaseencoding()), 'hex') as found
               from only %3$I.%4$I
              where %2$I %8$s '%1$s'::bigint and %2$I between '%5$s'::bigint and '%6$s'::bigint%9$s
             $query$,
             k.next, k."column", k.schema, k."table", k.seqmin, k.seqmax,
             case when k.seqincrement > 0 then 'max' else 'min' end,
             case when k.seqincrement > 0 then '>=' else '<=' end,
             case when k.indexed then '' else asked.pages end),
           false, true, '')::text as answer
    from asked, columns k
   where not k.indexed or coalesce(asked.from_page, 0) = 0
)
select f.schema, f."table", f."column", f.sequence,
       (a.found ->> 'rows')::bigint as rows,
       array(select pg_catalog.json_array_elements_text(a.found -> 'examples')) as examples
  from found f
 cross join lateral (
   select pg_catalog.convert_from(
            pg_catalog.decode(pg_catalog.substring(f.answer, '<found>([0-9a-f]*)</found>'), 'hex'),
            pg_catalog.getdatabaseencoding())::json as found) a
 where (a.found ->> 'rows')::bigint > 0
 order by 1, 2, 3, 4
