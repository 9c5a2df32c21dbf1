-- A partition was to be detached concurrently, and that was not finished.
-- severity: error
-- hint: alter table ... detach partition ... finalize
select n.nspname as schema, c.relname as "table", pn.nspname || '.' || p.relname as "partitionOf"
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_class p on p.oid = i.inhparent
  join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
 where pg_catalog.to_jsonb(i) ->> 'inhdetachpending' = 'true'
 order by 1, 2
