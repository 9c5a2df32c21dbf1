-- Operators.
select 'pg_catalog.pg_operator'::regclass::oid as class, o.oid as oid, 0 as part,
       'operator' as kind, n.nspname as schema,
       o.oprname || '(' || case when o.oprleft = 0 then 'none' else format_type(o.oprleft, null) end
         || ', ' || case when o.oprright = 0 then 'none' else format_type(o.oprright, null) end
         || ')' as name, '' as member,
       quote_ident(n.nspname) || '.' || o.oprname || ' ('
         || case when o.oprleft = 0 then 'none' else format_type(o.oprleft, null) end
         || ', ' || case when o.oprright = 0 then 'none' else format_type(o.oprright, null) end
         || ')' as address,
       pg_get_userbyid(o.oprowner) as owner,
       'CREATE OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' ('
         || concat_ws(', ',
              'FUNCTION = ' || o.oprcode::regproc,
              case when o.oprleft <> 0 then 'LEFTARG = ' || format_type(o.oprleft, null) end,
              case when o.oprright <> 0 then 'RIGHTARG = ' || format_type(o.oprright, null) end,
              'COMMUTATOR = ' || (select 'OPERATOR(' || quote_ident(cn.nspname) || '.' || c.oprname || ')'
                                    from pg_catalog.pg_operator c
                                    join pg_catalog.pg_namespace cn on cn.oid = c.oprnamespace
                                   where c.oid = o.oprcom),
              'NEGATOR = ' || (select 'OPERATOR(' || quote_ident(cn.nspname) || '.' || c.oprname || ')'
                                 from pg_catalog.pg_operator c
                                 join pg_catalog.pg_namespace cn on cn.oid = c.oprnamespace
                                where c.oid = o.oprnegate),
              'RESTRICT = ' || nullif(o.oprrest, 0)::regproc, 'JOIN = ' || nullif(o.oprjoin, 0)::regproc,
              case when o.oprcanhash then 'HASHES' end, case when o.oprcanmerge then 'MERGES' end)
         || ')' as definition
  from pg_catalog.pg_operator o
  join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
 where o.oprcode <> 0
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_operator'::regclass and x.objid = o.oid
                      and x.deptype = 'e')
