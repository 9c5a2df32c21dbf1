-- Rules, except the one that makes a view.
select 'pg_catalog.pg_rewrite'::regclass::oid as class, r.oid as oid, 0 as part,
       'rule' as kind, n.nspname as schema, c.relname as name, r.rulename as member,
       pg_get_ruledef(r.oid) as definition,
       case r.ev_enabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA'
                         when 'A' then 'ENABLE ALWAYS' end as enabled
  from pg_catalog.pg_rewrite r
  join pg_catalog.pg_class c on c.oid = r.ev_class
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where not (r.rulename = '_RETURN' and c.relkind in ('v', 'm'))
   and r.oid >= 16384
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.deptype = 'e'
                      and (x.classid, x.objid) in (('pg_catalog.pg_class'::regclass, c.oid),
                                                   ('pg_catalog.pg_rewrite'::regclass, r.oid)))
