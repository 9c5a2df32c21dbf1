-- Collations.
select 'pg_catalog.pg_collation'::regclass::oid as class, c.oid as oid, 0 as part,
       'collation' as kind, n.nspname as schema, c.collname as name, '' as member,
       pg_get_userbyid(c.collowner) as owner,
       'CREATE COLLATION ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname) || ' ('
         || concat_ws(', ',
              'PROVIDER = ' || case c.collprovider when 'i' then 'icu' when 'b' then 'builtin'
                                                   when 'd' then 'default' else 'libc' end,
              case when not c.collisdeterministic then 'DETERMINISTIC = false' end,
              'LOCALE = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale',
                                                    to_jsonb(c) ->> 'colliculocale',
                                                    case when c.collprovider = 'i' then c.collcollate end)),
              'RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules'),
              case when c.collprovider = 'c' then 'LC_COLLATE = ' || quote_literal(c.collcollate) end,
              case when c.collprovider = 'c' then 'LC_CTYPE = ' || quote_literal(c.collctype) end)
         || ')' as definition
  from pg_catalog.pg_collation c
  join pg_catalog.pg_namespace n on n.oid = c.collnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_collation'::regclass and x.objid = c.oid
                      and x.deptype = 'e')
