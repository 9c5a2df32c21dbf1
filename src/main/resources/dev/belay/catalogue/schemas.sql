-- Schemas.
select 'pg_catalog.pg_namespace'::regclass::oid as class, n.oid as oid, 0 as part,
       'schema' as kind, '' as schema, n.nspname as name, '' as member,
       pg_get_userbyid(n.nspowner) as owner
  from pg_catalog.pg_namespace n
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_namespace'::regclass and x.objid = n.oid
                      and x.deptype = 'e')
