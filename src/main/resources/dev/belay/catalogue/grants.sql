-- Privileges, as what was granted and revoked since the object was made. OWNER is whoever owns it.
with lists as (
  select 'pg_catalog.pg_namespace'::regclass::oid as class, n.oid, 0 as part, n.nspacl as list,
         acldefault('n', n.nspowner) as base, n.nspowner as owner
    from pg_catalog.pg_namespace n where n.nspacl is not null
  union all
  select 'pg_catalog.pg_class'::regclass, c.oid, 0, c.relacl,
         acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner), c.relowner
    from pg_catalog.pg_class c where c.relacl is not null and c.oid >= 16384
  union all
  select 'pg_catalog.pg_class'::regclass, a.attrelid, a.attnum, a.attacl, null::aclitem[], c.relowner
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
   where a.attacl is not null and a.attrelid >= 16384 and not a.attisdropped
  union all
  select 'pg_catalog.pg_proc'::regclass, p.oid, 0, p.proacl, acldefault('f', p.proowner), p.proowner
    from pg_catalog.pg_proc p where p.proacl is not null and p.oid >= 16384
  union all
  select 'pg_catalog.pg_type'::regclass, t.oid, 0, t.typacl, acldefault('T', t.typowner), t.typowner
    from pg_catalog.pg_type t where t.typacl is not null and t.oid >= 16384
  union all
  select 'pg_catalog.pg_language'::regclass, l.oid, 0, l.lanacl, acldefault('l', l.lanowner), l.lanowner
    from pg_catalog.pg_language l where l.lanacl is not null
  union all
  select 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwacl,
         acldefault('F', w.fdwowner), w.fdwowner
    from pg_catalog.pg_foreign_data_wrapper w where w.fdwacl is not null
  union all
  select 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, s.srvacl,
         acldefault('S', s.srvowner), s.srvowner
    from pg_catalog.pg_foreign_server s where s.srvacl is not null
  union all
  select 'pg_catalog.pg_default_acl'::regclass, d.oid, 0, d.defaclacl,
         case when d.defaclnamespace = 0
           then acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole)
           else null end, d.defaclrole
    from pg_catalog.pg_default_acl d),
changes as (
  select l.class, l.oid, l.part, l.owner, 'GRANT ' as verb, ' TO ' as preposition, g.*
    from lists l
   cross join lateral (select * from aclexplode(l.list) except select * from aclexplode(l.base)) g
  union all
  select l.class, l.oid, l.part, l.owner, 'REVOKE ', ' FROM ', g.*
    from lists l
   cross join lateral (select * from aclexplode(l.base) except select * from aclexplode(l.list)) g)
select c.class, c.oid, c.part, string_agg(w.words, E'\n' order by w.words collate "C") as value
  from changes c
 cross join lateral (
   select c.verb || c.privilege_type || c.preposition
          || case when c.grantee = c.owner then 'OWNER' when c.grantee = 0 then 'PUBLIC'
                  else quote_ident(pg_get_userbyid(c.grantee)) end
          || case when c.is_grantable and c.verb = 'GRANT ' then ' WITH GRANT OPTION' else '' end
          || case when c.grantor = c.owner then ''
                  else ' GRANTED BY ' || quote_ident(pg_get_userbyid(c.grantor)) end as words) w
 group by c.class, c.oid, c.part
