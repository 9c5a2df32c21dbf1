-- Tables, partitions, foreign tables, views and materialized views.
select 'pg_catalog.pg_class'::regclass::oid as class, c.oid as oid, 0 as part,
       case c.relkind when 'f' then 'foreign table' when 'v' then 'view'
                      when 'm' then 'materialized view' else 'table' end as kind,
       n.nspname as schema, c.relname as name, '' as member,
       pg_get_userbyid(c.relowner) as owner,
       case when c.relpersistence = 'u' then 'true' end as unlogged,
       case when c.reloptions is not null then
         (select string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), E'\n'
                            order by o.option_name)
            from pg_options_to_table(c.reloptions) o) end as options,
       case when t.reloptions is not null then
         (select string_agg('toast.' || quote_ident(o.option_name) || '='
                            || quote_literal(o.option_value), E'\n' order by o.option_name)
            from pg_options_to_table(t.reloptions) o) end as "toast options",
       nullif(m.amname, 'heap') as "access method",
       s.spcname as tablespace,
       case when c.relrowsecurity then 'true' end as "row security",
       case when c.relforcerowsecurity then 'true' end as "forced row security",
       case when c.relkind <> 'f' then case c.relreplident when 'n' then 'NOTHING' when 'f' then 'FULL'
         when 'i' then 'USING INDEX ' || coalesce(
           (select quote_ident(i.relname)
              from pg_catalog.pg_index x
              join pg_catalog.pg_class i on i.oid = x.indexrelid
             where x.indrelid = c.oid and x.indisreplident), '') end end as "replica identity",
       case when not c.relispartition and c.relkind in ('r', 'f', 'p') then
         (select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
            from pg_catalog.pg_inherits i where i.inhrelid = c.oid) end as inherits,
       case when c.relispartition then
         (select i.inhparent::regclass::text
            from pg_catalog.pg_inherits i where i.inhrelid = c.oid) end as "partition of",
       case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as "partition bound",
       case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partition key",
       nullif(c.reloftype, 0)::regtype::text as "of type",
       f.srvname as server,
       case when f.ftoptions is not null then
         (select string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), E'\n'
                            order by o.option_name)
            from pg_options_to_table(f.ftoptions) o) end as "foreign options",
       case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
  left join pg_catalog.pg_am m on m.oid = c.relam
  left join pg_catalog.pg_tablespace s on s.oid = c.reltablespace
  left join (pg_catalog.pg_foreign_table
             join pg_catalog.pg_foreign_server on ftserver = pg_foreign_server.oid) f
    on f.ftrelid = c.oid
 where c.relkind in ('r', 'p', 'f', 'v', 'm') and c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid
                      and x.deptype = 'e')
