-- Indexes that are no constraint's.
select 'pg_catalog.pg_class'::regclass::oid as class, i.oid as oid, 0 as part,
       'index' as kind, n.nspname as schema, c.relname as name, i.relname as member,
       case when x.indisunique then 'true' end as "unique",
       substr(pg_get_indexdef(i.oid), length(
         'CREATE ' || case when x.indisunique then 'UNIQUE ' else '' end || 'INDEX '
         || quote_ident(i.relname) || ' ON '
         || case when i.relkind = 'I' then 'ONLY ' else '' end
         || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ') + 1) as definition,
       case when not x.indisvalid and i.relkind = 'i' then 'false' end as valid,
       s.spcname as tablespace,
       case when x.indisclustered then 'true' end as clustered,
       (select string_agg(a.attnum || ': ' || a.attstattarget, ', ' order by a.attnum)
          from pg_catalog.pg_attribute a
         where a.attrelid = i.oid and a.attstattarget >= 0) as statistics,
       case when i.relispartition then
         (select h.inhparent::regclass::text
            from pg_catalog.pg_inherits h where h.inhrelid = i.oid) end as "attached to"
  from pg_catalog.pg_index x
  join pg_catalog.pg_class i on i.oid = x.indexrelid
  join pg_catalog.pg_class c on c.oid = x.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_tablespace s on s.oid = i.reltablespace
 where c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_constraint k
                    where k.conindid = i.oid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x'))
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_class'::regclass
                      and x.objid in (c.oid, i.oid) and x.deptype = 'e')
