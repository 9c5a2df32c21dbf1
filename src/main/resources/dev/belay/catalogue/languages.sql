-- Procedural languages.
select 'pg_catalog.pg_language'::regclass::oid as class, l.oid as oid, 0 as part,
       'language' as kind, '' as schema, l.lanname as name, '' as member,
       pg_get_userbyid(l.lanowner) as owner,
       'CREATE ' || case when l.lanpltrusted then 'TRUSTED ' else '' end || 'LANGUAGE '
         || quote_ident(l.lanname)
         || case when l.lanplcallfoid <> 0 then ' HANDLER ' || l.lanplcallfoid::regproc::text else '' end
         || case when l.laninline <> 0 then ' INLINE ' || l.laninline::regproc::text else '' end
         || case when l.lanvalidator <> 0 then ' VALIDATOR ' || l.lanvalidator::regproc::text else '' end
         as definition
  from pg_catalog.pg_language l
 where l.lanispl and l.oid >= 16384
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_language'::regclass and x.objid = l.oid
                      and x.deptype = 'e')
