-- Foreign-data wrappers, servers and user mappings; of a mapping its name only, since it holds secrets.
select 'pg_catalog.pg_foreign_data_wrapper'::regclass::oid as class, w.oid as oid, 0 as part,
       'foreign-data wrapper' as kind, '' as schema, w.fdwname as name, '' as member,
       null as address, pg_get_userbyid(w.fdwowner) as owner,
       'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname)
         || case when w.fdwhandler <> 0 then ' HANDLER ' || w.fdwhandler::regproc::text else '' end
         || case when w.fdwvalidator <> 0 then ' VALIDATOR ' || w.fdwvalidator::regproc::text else '' end
         || coalesce(' OPTIONS (' || (
              select string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', '
                                order by o.option_name)
                from pg_options_to_table(w.fdwoptions) o) || ')', '') as definition
  from pg_catalog.pg_foreign_data_wrapper w
 where not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass and x.objid = w.oid
                      and x.deptype = 'e')
union all
select 'pg_catalog.pg_foreign_server'::regclass::oid, s.oid, 0,
       'server', '', s.srvname, '', null, pg_get_userbyid(s.srvowner),
       'CREATE SERVER ' || quote_ident(s.srvname)
         || coalesce(' TYPE ' || quote_literal(s.srvtype), '')
         || coalesce(' VERSION ' || quote_literal(s.srvversion), '')
         || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname)
         || coalesce(' OPTIONS (' || (
              select string_agg(quote_ident(o.option_name) || ' '
                                || case when o.option_name ~* 'password|secret|token|key'
                                     then quote_literal('****') else quote_literal(o.option_value) end,
                                ', ' order by o.option_name)
                from pg_options_to_table(s.srvoptions) o) || ')', '')
  from pg_catalog.pg_foreign_server s
  join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
 where not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_foreign_server'::regclass and x.objid = s.oid
                      and x.deptype = 'e')
union all
select 'pg_catalog.pg_user_mapping'::regclass::oid, u.umid, 0,
       'user mapping', '',
       'for ' || u.usename || ' server ' || u.srvname, '',
       'FOR ' || case when u.umuser = 0 then 'PUBLIC' else quote_ident(u.usename) end
         || ' SERVER ' || quote_ident(u.srvname), null, null
  from pg_catalog.pg_user_mappings u
