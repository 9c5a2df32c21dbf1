-- Constraints of tables; the index of one is part of it. Partitions have their parent's foreign keys.
select 'pg_catalog.pg_constraint'::regclass::oid as class, k.oid as oid, 0 as part,
       'constraint' as kind, n.nspname as schema, c.relname as name, k.conname as member,
       case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
                      when 'c' then 'check' when 'x' then 'exclusion' end as type,
       pg_get_constraintdef(k.oid) as definition,
       case when i.reloptions is not null then
         (select string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), E'\n'
                            order by o.option_name)
            from pg_options_to_table(i.reloptions) o) end as options,
       s.spcname as tablespace,
       obj_description(i.oid, 'pg_class') as "index comment",
       case when x.indisclustered then 'true' end as clustered,
       case when i.relispartition then
         (select h.inhparent::regclass::text
            from pg_catalog.pg_inherits h where h.inhrelid = i.oid) end as "attached to",
       case when k.coninhcount > 0 and not k.conislocal then 'true' end as inherited
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_index x on x.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
  left join pg_catalog.pg_class i on i.oid = x.indexrelid
  left join pg_catalog.pg_tablespace s on s.oid = i.reltablespace
 where k.contype in ('p', 'u', 'f', 'c', 'x')
   and not (k.contype = 'f' and k.conparentid <> 0)
   and c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid
                      and x.deptype = 'e')
