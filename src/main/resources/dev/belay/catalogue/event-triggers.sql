-- Event triggers.
select 'pg_catalog.pg_event_trigger'::regclass::oid as class, e.oid as oid, 0 as part,
       'event trigger' as kind, '' as schema, e.evtname as name, '' as member,
       pg_get_userbyid(e.evtowner) as owner,
       case e.evtenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA'
                         when 'A' then 'ENABLE ALWAYS' end as enabled,
       'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || quote_ident(e.evtevent)
         || coalesce(' WHEN TAG IN (' || (select string_agg(quote_literal(t), ', ' order by t)
                                            from unnest(e.evttags) t) || ')', '')
         || ' EXECUTE FUNCTION ' || e.evtfoid::regproc || '()' as definition
  from pg_catalog.pg_event_trigger e
 where not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_event_trigger'::regclass and x.objid = e.oid
                      and x.deptype = 'e')
