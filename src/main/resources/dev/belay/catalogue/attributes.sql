-- Attributes of composite types.
select 'pg_catalog.pg_class'::regclass::oid as class, a.attrelid as oid, a.attnum as part,
       'attribute' as kind, n.nspname as schema, c.relname as name, a.attname as member,
       a.attnum as position, format_type(a.atttypid, a.atttypmod) as type,
       case when a.attcollation <> t.typcollation then
         (select quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            from pg_catalog.pg_collation l
            join pg_catalog.pg_namespace cn on cn.oid = l.collnamespace
           where l.oid = a.attcollation) end as collation
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_type t on t.oid = a.atttypid
 where c.relkind = 'c' and a.attnum > 0 and not a.attisdropped
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_type'::regclass and x.objid = c.reltype
                      and x.deptype = 'e')
 order by a.attrelid, a.attnum
