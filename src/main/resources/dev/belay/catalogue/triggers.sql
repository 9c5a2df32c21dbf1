-- Triggers, except those by which the server keeps constraints.
select 'pg_catalog.pg_trigger'::regclass::oid as class, g.oid as oid, 0 as part,
       'trigger' as kind, n.nspname as schema, c.relname as name, g.tgname as member,
       pg_get_triggerdef(g.oid) as definition,
       case g.tgenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA'
                        when 'A' then 'ENABLE ALWAYS' end as enabled,
       case when g.tgparentid <> 0 then 'true' end as inherited -- since 13
       case when exists (select from pg_catalog.pg_depend p -- until 12
                          where p.classid = 'pg_catalog.pg_trigger'::regclass and p.objid = g.oid -- until 12
                            and p.refclassid = p.classid) then 'true' end as inherited -- until 12
  from pg_catalog.pg_trigger g
  join pg_catalog.pg_class c on c.oid = g.tgrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where (not g.tgisinternal or g.tgparentid <> 0 and not exists ( -- since 13
          select from pg_catalog.pg_constraint k where k.oid = g.tgconstraint and k.contype = 'f')) -- since 13
 where not g.tgisinternal -- until 12
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.deptype = 'e'
                      and (x.classid, x.objid) in (('pg_catalog.pg_class'::regclass, c.oid),
                                                   ('pg_catalog.pg_trigger'::regclass, g.oid)))
