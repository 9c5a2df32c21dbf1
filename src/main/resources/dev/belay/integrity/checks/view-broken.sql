-- A view cannot be queried.
-- severity: error
-- by: views
-- an-error-is: a finding
-- hint: see what is wrong with: explain select * from ...; then make it again: create or replace view ...
--
-- Each view is planned and started without running it. What the owner of a view may not read, nobody can read through it. In
-- psql, a view whose definition fails ends this file with PostgreSQL's own error.
with asked as (
  select coalesce(
           pg_catalog.string_to_array(nullif(pg_catalog.current_setting('belay.relations', true), ''), ',')::oid[],
           array(select c.oid
                   from pg_catalog.pg_class c
                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('v', 'm')
                    and pg_catalog.left(n.nspname, 3) <> 'pg_'
                    and n.nspname <> 'information_schema')) as relations
),
views as (
  select c.oid, n.nspname as schema, c.relname as view, c.relkind, c.relispopulated, c.relowner,
         (select pg_catalog.string_agg(distinct rn.nspname || '.' || r.relname, ', ')
            from pg_catalog.pg_rewrite w
            join pg_catalog.pg_depend d
              on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
             and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> c.oid
            join pg_catalog.pg_class r on r.oid = d.refobjid and r.relkind in ('r', 'p', 'v', 'm', 'f')
            join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
           where w.ev_class = c.oid
             and w.rulename = '_RETURN'
             and c.relkind = 'v'
             and not 'security_invoker=true' = any (coalesce(c.reloptions, '{}'))
             and not pg_catalog.has_table_privilege(c.relowner, r.oid, 'select')
             and not pg_catalog.has_any_column_privilege(c.relowner, r.oid, 'select')) as unreadable
    from asked
    join pg_catalog.pg_class c on c.oid = any (asked.relations)
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('v', 'm')
)
select v.schema, v.view,
       case when v.relkind = 'm' and not v.relispopulated then 'it was never filled: refresh materialized view'
            else 'its owner ' || pg_catalog.pg_get_userbyid(v.relowner) || ' may not read ' || v.unreadable end as problem
  from views v
 where case when v.relkind = 'm' and not v.relispopulated then true
            when v.unreadable is distinct from null then true
            else pg_catalog.query_to_xml(
                   pg_catalog.format('select * from %I.%I limit 0', v.schema, v.view), false, true, '')::text = 'never'
       end
 order by 1, 2
