-- Two partitions of one table claim the same rows.
-- severity: error
-- hint: see both with psql and \d+; detach one of them, and attach it again with bounds of its own
--
-- PostgreSQL never makes such partitions; a changed catalogue does. Ranges overlap when one begins inside the other, lists when
-- they share a value: where a bound begins is taken for a row, and the constraints of the other partitions are asked about it.
-- Bounds with MINVALUE or MAXVALUE behind a value are not asked about, nor are hashes, nor partitions by expressions.
with parts as (
  select i.inhparent, c.oid, n.nspname as schema, c.relname as name, t.partstrat, k.type,
         pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bounds
    from pg_catalog.pg_inherits i
    join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_partitioned_table t on t.partrelid = i.inhparent and t.partstrat in ('r', 'l')
   cross join lateral (
           select pg_catalog.format_type(a.atttypid, -1) as type
             from pg_catalog.pg_attribute a
            where a.attrelid = t.partrelid and a.attnum = t.partattrs[0]) k
   where t.partdefid <> c.oid
     and not 0 = any (t.partattrs::int2[])
),
points as (
  select p.*,
         case when p.bounds like 'FOR VALUES FROM (MINVALUE%' then null
              when p.bounds ~ '^FOR VALUES FROM \((?:[^'']|''[^'']*'')*?M(?:IN|AX)VALUE(?:[^'']|''[^'']*'')*?\) TO \(' then null
              when p.partstrat = 'r'
              then 'select ' || p.oid || ', ' || pg_catalog.substring(p.bounds, '^FOR VALUES FROM \(((?:[^'']|''[^'']*'')*?)\) TO \(')
              else 'select ' || p.oid || ', pg_catalog.unnest(array['
                     || pg_catalog.substring(p.bounds, '^FOR VALUES IN \((.*)\)$') || ']::' || p.type || '[])' end as point
    from parts p
),
answers as (
  select pg_catalog.query_to_xml(
           pg_catalog.format(
             $query$
             select distinct belay_point.part as one, belay_claim.part as other
               from (select null::oid, %1$s from only %2$I.%3$I where false union all %4$s) as belay_point (part, %1$s)
              cross join lateral (values %5$s) as belay_claim (part, claimed)
              where belay_claim.claimed and belay_claim.part <> belay_point.part
             $query$,
             (select pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ' order by u.at)
                from pg_catalog.pg_partitioned_table t
               cross join lateral pg_catalog.unnest(t.partattrs::int2[]) with ordinality as u (number, at)
                join pg_catalog.pg_attribute a on a.attrelid = t.partrelid and a.attnum = u.number
               where t.partrelid = p.inhparent),
             n.nspname, c.relname,
             pg_catalog.string_agg(p.point, ' union all '),
             pg_catalog.string_agg(
               pg_catalog.format('(%s, %s)', p.oid, pg_catalog.pg_get_partition_constraintdef(p.oid)), ', ')),
           false, true, '')::text as answer
    from points p
    join pg_catalog.pg_class c on c.oid = p.inhparent
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   group by p.inhparent, n.nspname, c.relname
  having pg_catalog.count(p.point) > 0 and pg_catalog.count(*) > 1
),
pairs as (
  select least(m[1]::bigint, m[2]::bigint) as one, greatest(m[1]::bigint, m[2]::bigint) as other
    from answers
   cross join lateral pg_catalog.regexp_matches(
                        answers.answer, '<one>([0-9]+)</one>\s*<other>([0-9]+)</other>', 'g') as m
   union
  select a.oid, b.oid
    from parts a
    join parts b on b.inhparent = a.inhparent and b.oid > a.oid
   where a.bounds like 'FOR VALUES FROM (MINVALUE%'
     and b.bounds like 'FOR VALUES FROM (MINVALUE%'
     and a.partstrat = 'r'
)
select a.schema, a.name as "table", a.bounds, b.schema || '.' || b.name as overlaps, b.bounds as "otherBounds"
  from pairs
  join parts a on a.oid = pairs.one
  join parts b on b.oid = pairs.other
 order by 1, 2, 4
