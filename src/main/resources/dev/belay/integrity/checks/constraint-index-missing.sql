-- A constraint has no index that keeps it.
-- severity: error
-- hint: drop the constraint and add it again: alter table ... drop constraint ..., add constraint ...
--
-- Primary, unique and exclusion constraints are kept by their own index, foreign keys by one of the table referred to.
select n.nspname as schema, c.relname as "table", k.conname as "constraint",
       case when i.indexrelid is null then 'there is none'
            when k.contype in ('p', 'u') and not i.indisunique then 'it is not unique'
            when k.contype = 'f' and not i.indisunique then 'that of the table referred to is not unique'
            when k.contype = 'p' and not i.indisprimary then 'it is not marked as primary'
            else 'it is not valid' end as index
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_index i on i.indexrelid = k.conindid
 where k.contype in ('p', 'u', 'x', 'f')
   and (i.indexrelid is null
         or not (i.indisvalid and i.indisready and i.indislive)
         or (k.contype in ('p', 'u', 'f') and not i.indisunique and not i.indisexclusion)
         or (k.contype = 'p' and not i.indisprimary))
   and pg_catalog.left(n.nspname, 3) <> 'pg_'
   and n.nspname <> 'information_schema'
 order by 1, 2, 3
