-- Transforms between types and languages.
select 'pg_catalog.pg_transform'::regclass::oid as class, t.oid as oid, 0 as part,
       'transform' as kind, '' as schema,
       'for ' || format_type(t.trftype, null) || ' language ' || l.lanname as name, '' as member,
       'FOR ' || format_type(t.trftype, null) || ' LANGUAGE ' || quote_ident(l.lanname) as address,
       'CREATE TRANSFORM FOR ' || format_type(t.trftype, null) || ' LANGUAGE ' || quote_ident(l.lanname)
         || ' (' || concat_ws(', ',
              'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::oid::regprocedure,
              'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::oid::regprocedure) || ')' as definition
  from pg_catalog.pg_transform t
  join pg_catalog.pg_language l on l.oid = t.trflang
 where not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_transform'::regclass and x.objid = t.oid
                      and x.deptype = 'e')
