-- Casts that are not the server's own.
select 'pg_catalog.pg_cast'::regclass::oid as class, c.oid as oid, 0 as part,
       'cast' as kind, '' as schema,
       '(' || format_type(c.castsource, null) || ' as ' || format_type(c.casttarget, null) || ')' as name,
       '' as member,
       '(' || format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) || ')'
         as address,
       'CREATE CAST (' || format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null)
         || ') ' || case c.castmethod when 'b' then 'WITHOUT FUNCTION' when 'i' then 'WITH INOUT'
                    else 'WITH FUNCTION ' || c.castfunc::regprocedure end
         || case c.castcontext when 'a' then ' AS ASSIGNMENT' when 'i' then ' AS IMPLICIT' else '' end
         as definition
  from pg_catalog.pg_cast c
 where c.oid >= 16384
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_cast'::regclass and x.objid = c.oid
                      and x.deptype in ('e', 'i'))
