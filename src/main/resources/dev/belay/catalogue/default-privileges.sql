-- Default privileges: what a role grants on what it will create.
select 'pg_catalog.pg_default_acl'::regclass::oid as class, d.oid as oid, 0 as part,
       'default privileges' as kind, coalesce(n.nspname, '') as schema,
       'of ' || pg_get_userbyid(d.defaclrole) || ' on '
         || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
                                 when 'f' then 'functions' when 'T' then 'types'
                                 when 'n' then 'schemas' when 'L' then 'large objects' end as name,
       '' as member,
       'FOR ROLE ' || quote_ident(pg_get_userbyid(d.defaclrole))
         || coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '') as address,
       pg_get_userbyid(d.defaclrole) as owner,
       case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES'
                            when 'f' then 'FUNCTIONS' when 'T' then 'TYPES'
                            when 'n' then 'SCHEMAS' when 'L' then 'LARGE OBJECTS' end as "objects"
  from pg_catalog.pg_default_acl d
  left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
 where coalesce(n.nspname, '') not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_default_acl'::regclass and x.objid = d.oid
                      and x.deptype = 'e')
