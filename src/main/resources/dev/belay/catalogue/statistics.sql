-- Extended statistics.
select 'pg_catalog.pg_statistic_ext'::regclass::oid as class, s.oid as oid, 0 as part,
       'statistics' as kind, n.nspname as schema, s.stxname as name, '' as member,
       pg_get_userbyid(s.stxowner) as owner,
       nullif(s.stxstattarget, -1) as target, -- since 13
       pg_get_statisticsobjdef(s.oid) as definition
  from pg_catalog.pg_statistic_ext s
  join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_statistic_ext'::regclass and x.objid = s.oid
                      and x.deptype = 'e')
