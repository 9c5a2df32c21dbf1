-- A sequence is near its end.
-- severity: warning
-- hint: alter table ... alter column ... type bigint; alter sequence ... as bigint maxvalue ...
--
-- More than nine tenths of its values are given, or of those that its column can take. Sequences that cycle do not end.
with state as (
  select n.nspname as schema, c.relname as sequence, s.seqincrement, s.seqstart,
         case when s.seqincrement > 0
              then least(s.seqmax, pg_catalog.min(case a.atttypid when 'int2'::pg_catalog.regtype then 32767
                                                             when 'int4'::pg_catalog.regtype then 2147483647
                                                             else s.seqmax end))
              else greatest(s.seqmin, pg_catalog.max(case a.atttypid when 'int2'::pg_catalog.regtype then -32768
                                                                when 'int4'::pg_catalog.regtype then -2147483648
                                                                else s.seqmin end)) end as last,
         case when s.seqincrement > 0 then s.seqmin else s.seqmax end as first,
         case when pg_catalog.has_schema_privilege(n.oid, 'usage')
                   and pg_catalog.has_sequence_privilege(c.oid, 'select, usage')
              then pg_catalog.pg_sequence_last_value(c.oid) end as given
    from pg_catalog.pg_sequence s
    join pg_catalog.pg_class c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_depend d
      on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
     and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
    left join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
   where not s.seqcycle
     and pg_catalog.left(n.nspname, 3) <> 'pg_'
     and n.nspname <> 'information_schema'
   group by n.oid, n.nspname, c.oid, c.relname, s.seqincrement, s.seqstart, s.seqmin, s.seqmax
)
select s.schema, s.sequence, s.given as "lastValue", s.last as "lastPossible",
       pg_catalog.round(100 * (s.given::numeric - s.first) / nullif(s.last::numeric - s.first, 0), 1) as "percentUsed"
  from state s
 where (s.given::numeric - s.first) / nullif(s.last::numeric - s.first, 0) > 0.9
 order by 1, 2
