-- Sequences that are no identity column's, without where they stand.
select 'pg_catalog.pg_class'::regclass::oid as class, c.oid as oid, 0 as part,
       'sequence' as kind, n.nspname as schema, c.relname as name, '' as member,
       pg_get_userbyid(c.relowner) as owner,
       case when c.relpersistence = 'u' then 'true' end as unlogged,
       format_type(s.seqtypid, null) as type, s.seqstart as start, s.seqmin as minimum,
       s.seqmax as maximum, s.seqincrement as increment, s.seqcache as cache,
       case when s.seqcycle then 'true' end as cycle,
       (select d.refobjid::regclass::text || '.' || quote_ident(a.attname)
          from pg_catalog.pg_depend d
          join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
         where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
           and d.refclassid = d.classid and d.refobjsubid > 0 and d.deptype = 'a') as "owned by"
  from pg_catalog.pg_class c
  join pg_catalog.pg_sequence s on s.seqrelid = c.oid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid
                      and x.deptype in ('e', 'i'))
