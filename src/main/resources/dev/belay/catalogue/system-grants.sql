-- Privileges on what is the server's own or an extension's, as what was changed since it was made.
with initial as (
  select i.objoid, i.classoid, i.objsubid, i.initprivs from pg_catalog.pg_init_privs i),
foreign_objects as (
  select x.classid, x.objid from pg_catalog.pg_depend x where x.deptype = 'e'),
lists as (
  select 'pg_catalog.pg_class'::regclass::oid as class, c.oid, 0 as part, c.relacl as list,
         coalesce(i.initprivs, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
           as base, c.relowner as owner
    from pg_catalog.pg_class c
    left join initial i on i.classoid = 'pg_catalog.pg_class'::regclass and i.objoid = c.oid and i.objsubid = 0
   where c.relacl is distinct from i.initprivs and c.relacl is not null
     and (c.oid < 16384 and c.relnamespace = 'pg_catalog'::regnamespace or ('pg_catalog.pg_class'::regclass, c.oid) in (select classid, objid from foreign_objects))
  union all
  select 'pg_catalog.pg_proc'::regclass, p.oid, 0, p.proacl,
         coalesce(i.initprivs, acldefault('f', p.proowner)), p.proowner
    from pg_catalog.pg_proc p
    left join initial i on i.classoid = 'pg_catalog.pg_proc'::regclass and i.objoid = p.oid
   where p.proacl is distinct from i.initprivs and p.proacl is not null
     and (p.oid < 16384 and p.pronamespace = 'pg_catalog'::regnamespace or ('pg_catalog.pg_proc'::regclass, p.oid) in (select classid, objid from foreign_objects))
  union all
  select 'pg_catalog.pg_type'::regclass, t.oid, 0, t.typacl,
         coalesce(i.initprivs, acldefault('T', t.typowner)), t.typowner
    from pg_catalog.pg_type t
    left join initial i on i.classoid = 'pg_catalog.pg_type'::regclass and i.objoid = t.oid
   where t.typacl is distinct from i.initprivs and t.typacl is not null
     and (t.oid < 16384 and t.typnamespace = 'pg_catalog'::regnamespace or ('pg_catalog.pg_type'::regclass, t.oid) in (select classid, objid from foreign_objects))
  union all
  select 'pg_catalog.pg_language'::regclass, l.oid, 0, l.lanacl,
         coalesce(i.initprivs, acldefault('l', l.lanowner)), l.lanowner
    from pg_catalog.pg_language l
    left join initial i on i.classoid = 'pg_catalog.pg_language'::regclass and i.objoid = l.oid
   where l.lanacl is distinct from i.initprivs and l.lanacl is not null
     and (l.oid < 16384 or ('pg_catalog.pg_language'::regclass, l.oid) in (select classid, objid from foreign_objects))
  union all
  select 'pg_catalog.pg_namespace'::regclass, n.oid, 0, n.nspacl,
         coalesce(i.initprivs, acldefault('n', n.nspowner)), n.nspowner
    from pg_catalog.pg_namespace n
    left join initial i on i.classoid = 'pg_catalog.pg_namespace'::regclass and i.objoid = n.oid
   where n.nspacl is distinct from i.initprivs and n.nspacl is not null
     and (n.nspname = 'pg_catalog'
          or ('pg_catalog.pg_namespace'::regclass, n.oid) in (select classid, objid from foreign_objects))),
changes as (
  select l.class, l.oid, l.part, l.owner, 'GRANT ' as verb, ' TO ' as preposition, g.*
    from lists l
   cross join lateral (select * from aclexplode(l.list) except select * from aclexplode(l.base)) g
  union all
  select l.class, l.oid, l.part, l.owner, 'REVOKE ', ' FROM ', g.*
    from lists l
   cross join lateral (select * from aclexplode(l.base) except select * from aclexplode(l.list)) g),
said as (
select c.class, c.oid, c.part, string_agg(w.words, E'\n' order by w.words collate "C") as value
  from changes c
 cross join lateral (
   select c.verb || c.privilege_type || c.preposition
          || case when c.grantee = c.owner then 'OWNER' when c.grantee = 0 then 'PUBLIC'
                  else quote_ident(pg_get_userbyid(c.grantee)) end
          || case when c.is_grantable and c.verb = 'GRANT ' then ' WITH GRANT OPTION' else '' end
          || case when c.grantor = c.owner then ''
                  else ' GRANTED BY ' || quote_ident(pg_get_userbyid(c.grantor)) end as words) w
 group by c.class, c.oid, c.part)
select s.class, s.oid, s.part, 'privileges' as kind, '' as schema,
       'on ' || i.type || ' ' || i.identity as name, '' as member,
       case when i.type in ('table', 'view', 'materialized view', 'foreign table') then 'TABLE'
            when i.type = 'aggregate' then 'FUNCTION'
            else upper(i.type) end || ' ' || i.identity as address,
       s.value as grants
  from said s
 cross join lateral pg_identify_object(s.class, s.oid, 0) i
