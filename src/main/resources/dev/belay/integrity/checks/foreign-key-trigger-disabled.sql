-- A trigger of a foreign key is off, so nothing keeps it.
-- severity: error
-- hint: alter table ... enable trigger all, as a superuser, after foreign-key-orphan finds nothing any more
select n.nspname as schema, c.relname as "table", k.conname as "constraint",
       pg_catalog.string_agg(distinct on_table.nspname || '.' || on_table.relname, ', ') as "disabledOn",
       pg_catalog.count(*) as triggers
  from pg_catalog.pg_trigger g
  join pg_catalog.pg_constraint k on k.oid = g.tgconstraint and k.contype = 'f'
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 cross join lateral (
   select tn.nspname, t.relname
     from pg_catalog.pg_class t
     join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
    where t.oid = g.tgrelid) on_table
 where g.tgenabled in ('D', 'R')
   and pg_catalog.left(n.nspname, 3) <> 'pg_'
   and n.nspname <> 'information_schema'
 group by 1, 2, 3
 order by 1, 2, 3
