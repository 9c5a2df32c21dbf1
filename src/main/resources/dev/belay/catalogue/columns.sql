-- Columns of tables, partitions, foreign tables, views and materialized views.
select 'pg_catalog.pg_class'::regclass::oid as class, a.attrelid as oid, a.attnum as part,
       'column' as kind, n.nspname as schema, c.relname as name, a.attname as member,
       a.attnum as position,
       case when c.relkind not in ('v', 'm') then format_type(a.atttypid, a.atttypmod) end as type,
       case when a.attcollation <> t.typcollation and c.relkind not in ('v', 'm') then
         (select quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            from pg_catalog.pg_collation l
            join pg_catalog.pg_namespace cn on cn.oid = l.collnamespace
           where l.oid = a.attcollation) end as collation,
       case when a.attnotnull then 'true' end as "not null",
       case when a.attnotnull then ( -- since 18
         select nullif(concat_ws(' ', -- since 18
             nullif(k.conname, left(c.relname || '_' || a.attname || '_not_null', 63)), -- since 18
             case when k.connoinherit then 'NO INHERIT' end, -- since 18
             case when not k.convalidated then 'NOT VALID' end), '') -- since 18
           from pg_catalog.pg_constraint k -- since 18
          where k.conrelid = c.oid and k.contype = 'n' and k.conkey[1] = a.attnum -- since 18
          limit 1) end as "not null constraint", -- since 18
       case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as "default",
       case when a.attgenerated <> '' then 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid)
         || case a.attgenerated when 's' then ') STORED' else ') VIRTUAL' end end as generated,
       case a.attidentity when 'a' then 'ALWAYS' when 'd' then 'BY DEFAULT' end as identity,
       case when a.attidentity <> '' then
         (select 'SEQUENCE NAME ' || q.seqrelid::regclass::text
            from pg_catalog.pg_depend p join pg_catalog.pg_sequence q on q.seqrelid = p.objid
           where p.classid = 'pg_catalog.pg_class'::regclass and p.refclassid = p.classid
             and p.refobjid = a.attrelid and p.refobjsubid = a.attnum and p.deptype = 'i') end
         as "identity sequence",
       case when a.attidentity <> '' then
         (select 'START WITH ' || q.seqstart || ' INCREMENT BY ' || q.seqincrement
                 || ' MINVALUE ' || q.seqmin || ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache
                 || case when q.seqcycle then ' CYCLE' else ' NO CYCLE' end
            from pg_catalog.pg_depend p join pg_catalog.pg_sequence q on q.seqrelid = p.objid
           where p.classid = 'pg_catalog.pg_class'::regclass and p.refclassid = p.classid
             and p.refobjid = a.attrelid and p.refobjsubid = a.attnum and p.deptype = 'i') end
         as "identity options",
       case when a.attstorage <> t.typstorage then
         case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN'
                           when 'x' then 'EXTENDED' end end as storage,
       case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression, -- since 14
       nullif(a.attstattarget, -1) as statistics,
       case when a.attoptions is not null then
         (select string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), E'\n'
                            order by o.option_name)
            from pg_options_to_table(a.attoptions) o) end as options,
       case when a.attfdwoptions is not null then
         (select string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), E'\n'
                            order by o.option_name)
            from pg_options_to_table(a.attfdwoptions) o) end as "foreign options",
       case when a.attinhcount > 0 and not a.attislocal and not c.relispartition
         then 'true' end as inherited
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attnum > 0 and not a.attisdropped
   and c.relkind in ('r', 'p', 'f', 'v', 'm') and c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid
                      and x.objsubid = 0 and x.deptype = 'e')
 order by a.attrelid, a.attnum
