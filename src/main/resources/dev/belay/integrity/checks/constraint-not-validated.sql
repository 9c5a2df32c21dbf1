-- A constraint was never checked against the rows that were there before it.
-- severity: warning
-- hint: alter table ... validate constraint ...; for a domain: alter domain ... validate constraint ...
--
-- Whether rows do break it is said by check-violated, foreign-key-orphan and domain-violated. PostgreSQL itself does not use it.
select n.nspname as schema, coalesce(c.relname, t.typname) as "table", k.conname as "constraint",
       pg_catalog.pg_get_constraintdef(k.oid) as definition
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_namespace n on n.oid = k.connamespace
  left join pg_catalog.pg_class c on c.oid = k.conrelid
  left join pg_catalog.pg_type t on t.oid = k.contypid
 where not k.convalidated
   and coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced', 'true') = 'true'
   and pg_catalog.left(n.nspname, 3) <> 'pg_'
   and n.nspname <> 'information_schema'
 order by 1, 2, 3
