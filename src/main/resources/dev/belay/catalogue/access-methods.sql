-- Access methods that are not the server's own.
select 'pg_catalog.pg_am'::regclass::oid as class, m.oid as oid, 0 as part,
       'access method' as kind, '' as schema, m.amname as name, '' as member,
       'CREATE ACCESS METHOD ' || quote_ident(m.amname) || ' TYPE '
         || case m.amtype when 't' then 'TABLE' else 'INDEX' end
         || ' HANDLER ' || m.amhandler::regproc as definition
  from pg_catalog.pg_am m
 where m.oid >= 16384
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_am'::regclass and x.objid = m.oid
                      and x.deptype = 'e')
