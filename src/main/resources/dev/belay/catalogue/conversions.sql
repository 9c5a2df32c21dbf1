-- Conversions between encodings.
select 'pg_catalog.pg_conversion'::regclass::oid as class, c.oid as oid, 0 as part,
       'conversion' as kind, n.nspname as schema, c.conname as name, '' as member,
       pg_get_userbyid(c.conowner) as owner,
       'CREATE ' || case when c.condefault then 'DEFAULT ' else '' end || 'CONVERSION '
         || quote_ident(n.nspname) || '.' || quote_ident(c.conname)
         || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding))
         || ' TO ' || quote_literal(pg_encoding_to_char(c.contoencoding))
         || ' FROM ' || c.conproc::regproc as definition
  from pg_catalog.pg_conversion c
  join pg_catalog.pg_namespace n on n.oid = c.connamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_conversion'::regclass and x.objid = c.oid
                      and x.deptype = 'e')
