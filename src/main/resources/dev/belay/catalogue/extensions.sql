-- Extensions; what they consist of is theirs.
select 'pg_catalog.pg_extension'::regclass::oid as class, e.oid as oid, 0 as part,
       'extension' as kind, '' as schema, e.extname as name, '' as member,
       n.nspname as "in schema", e.extversion as version
  from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace
