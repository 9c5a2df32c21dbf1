-- Aggregates.
select 'pg_catalog.pg_proc'::regclass::oid as class, p.oid as oid, 0 as part,
       'aggregate' as kind, n.nspname as schema,
       p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as name, '' as member,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('
         || case when p.pronargs = 0 then '*' else pg_get_function_identity_arguments(p.oid) end
         || ')' as address,
       pg_get_userbyid(p.proowner) as owner,
       'CREATE AGGREGATE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('
         || case when p.pronargs = 0 then '*' else pg_get_function_arguments(p.oid) end || ') ('
         || concat_ws(', ',
              'SFUNC = ' || a.aggtransfn::regproc, 'STYPE = ' || format_type(a.aggtranstype, null),
              'SSPACE = ' || nullif(a.aggtransspace, 0),
              'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc,
              case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
              case when a.aggfinalfn <> 0 then 'FINALFUNC_MODIFY = '
                || case a.aggfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE'
                                         else 'READ_WRITE' end end,
              'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc,
              'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
              'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc,
              'INITCOND = ' || quote_literal(a.agginitval),
              'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
              'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc,
              'MSTYPE = ' || format_type(nullif(a.aggmtranstype, 0), null),
              'MSSPACE = ' || nullif(a.aggmtransspace, 0),
              'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
              case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
              case when a.aggmfinalfn <> 0 then 'MFINALFUNC_MODIFY = '
                || case a.aggmfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE'
                                          else 'READ_WRITE' end end,
              'MINITCOND = ' || quote_literal(a.aggminitval),
              'SORTOP = ' || (select 'OPERATOR(' || quote_ident(sn.nspname) || '.' || so.oprname || ')'
                                from pg_catalog.pg_operator so
                                join pg_catalog.pg_namespace sn on sn.oid = so.oprnamespace
                               where so.oid = a.aggsortop),
              case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end,
              case when a.aggkind = 'h' then 'HYPOTHETICAL' end)
         || ')' as definition
  from pg_catalog.pg_proc p
  join pg_catalog.pg_aggregate a on a.aggfnoid = p.oid
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_proc'::regclass and x.objid = p.oid
                      and x.deptype = 'e')
