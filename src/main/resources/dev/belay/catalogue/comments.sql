-- Comments.
select d.classoid as class, d.objoid as oid, d.objsubid as part, d.description as value
  from pg_catalog.pg_description d
 where d.objoid >= 16384 or d.classoid = 'pg_catalog.pg_namespace'::regclass
