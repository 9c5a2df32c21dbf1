-- Constraints of domains.
select 'pg_catalog.pg_constraint'::regclass::oid as class, k.oid as oid, 0 as part,
       'domain constraint' as kind, n.nspname as schema, t.typname as name, k.conname as member,
       pg_get_constraintdef(k.oid) as definition
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_type t on t.oid = k.contypid
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
 where k.contypid <> 0 and k.contype = 'c'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_type'::regclass and x.objid = t.oid
                      and x.deptype = 'e')
