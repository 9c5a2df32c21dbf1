-- Functions, procedures and window functions.
select 'pg_catalog.pg_proc'::regclass::oid as class, p.oid as oid, 0 as part,
       case p.prokind when 'p' then 'procedure' else 'function' end as kind,
       n.nspname as schema, p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as name,
       '' as member,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname)
         || '(' || pg_get_function_identity_arguments(p.oid) || ')' as address,
       pg_get_functiondef(p.oid) as creation,
       pg_get_userbyid(p.proowner) as owner,
       pg_get_function_arguments(p.oid) as arguments,
       pg_get_function_result(p.oid) as returns,
       l.lanname as language,
       case when p.prokind = 'w' then 'true' end as "window",
       case p.provolatile when 'i' then 'IMMUTABLE' when 's' then 'STABLE' end as volatility,
       case when p.proisstrict then 'true' end as strict,
       case when p.prosecdef then 'true' end as "security definer",
       case when p.proleakproof then 'true' end as leakproof,
       case p.proparallel when 's' then 'SAFE' when 'r' then 'RESTRICTED' end as parallel,
       p.procost as cost,
       nullif(p.prorows, 0) as rows,
       nullif(p.prosupport, 0)::regproc::text as support,
       array_to_string(p.proconfig, E'\n') as settings,
       (select string_agg('FOR TYPE ' || format_type(y, null), ', ')
          from unnest(p.protrftypes) y) as transform,
       p.probin as library,
       pg_get_function_sqlbody(p.oid) as "sql body", -- since 14
       p.prosrc as body
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  join pg_catalog.pg_language l on l.oid = p.prolang
 where p.prokind <> 'a'
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_proc'::regclass and x.objid = p.oid
                      and x.deptype in ('e', 'i'))
