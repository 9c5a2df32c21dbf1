-- Policies of row level security.
select 'pg_catalog.pg_policy'::regclass::oid as class, p.oid as oid, 0 as part,
       'policy' as kind, n.nspname as schema, c.relname as name, p.polname as member,
       case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end as type,
       case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
                     when 'd' then 'DELETE' else 'ALL' end as command,
       (select string_agg(case r when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(r)) end, ', '
                          order by case r when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(r)) end)
          from unnest(p.polroles) r) as roles,
       pg_get_expr(p.polqual, p.polrelid) as "using",
       pg_get_expr(p.polwithcheck, p.polrelid) as "with check"
  from pg_catalog.pg_policy p
  join pg_catalog.pg_class c on c.oid = p.polrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.deptype = 'e'
                      and x.classid = 'pg_catalog.pg_class'::regclass and x.objid = c.oid)
