-- Operator families and operator classes, with the operators and functions that are theirs.
with entries as (
  select d.refclassid, d.refobjid,
         string_agg(e.entry, ', ' order by e.entry collate "C") as list
    from pg_catalog.pg_depend d
    join (select 'pg_catalog.pg_amop'::regclass as classid, w.oid,
                 'OPERATOR ' || w.amopstrategy || ' ' || w.amopopr::regoperator
                 || coalesce((select ' FOR ORDER BY ' || quote_ident(sn.nspname) || '.'
                                     || quote_ident(sf.opfname)
                                from pg_catalog.pg_opfamily sf
                                join pg_catalog.pg_namespace sn on sn.oid = sf.opfnamespace
                               where sf.oid = w.amopsortfamily), '') as entry
            from pg_catalog.pg_amop w where w.oid >= 16384
          union all
          select 'pg_catalog.pg_amproc'::regclass, f.oid,
                 'FUNCTION ' || f.amprocnum || ' (' || format_type(f.amproclefttype, null) || ', '
                 || format_type(f.amprocrighttype, null) || ') ' || f.amproc::oid::regprocedure
            from pg_catalog.pg_amproc f where f.oid >= 16384) e
      on e.classid = d.classid and e.oid = d.objid
   where d.refclassid in ('pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass)
   group by d.refclassid, d.refobjid)
select 'pg_catalog.pg_opfamily'::regclass::oid as class, f.oid as oid, 0 as part,
       'operator family' as kind, n.nspname as schema, f.opfname || ' using ' || m.amname as name,
       '' as member,
       quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname)
         as address,
       pg_get_userbyid(f.opfowner) as owner,
       'CREATE OPERATOR FAMILY ' || quote_ident(n.nspname) || '.' || quote_ident(f.opfname)
         || ' USING ' || quote_ident(m.amname)
         || coalesce(E';\nALTER OPERATOR FAMILY ' || quote_ident(n.nspname) || '.'
                     || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname) || ' ADD '
                     || e.list, '') as definition
  from pg_catalog.pg_opfamily f
  join pg_catalog.pg_namespace n on n.oid = f.opfnamespace
  join pg_catalog.pg_am m on m.oid = f.opfmethod
  left join entries e on e.refclassid = 'pg_catalog.pg_opfamily'::regclass and e.refobjid = f.oid
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_opfamily'::regclass and x.objid = f.oid
                      and x.deptype = 'e')
union all
select 'pg_catalog.pg_opclass'::regclass::oid, c.oid, 0,
       'operator class', n.nspname, c.opcname || ' using ' || m.amname, '',
       quote_ident(n.nspname) || '.' || quote_ident(c.opcname) || ' USING ' || quote_ident(m.amname),
       pg_get_userbyid(c.opcowner),
       'CREATE OPERATOR CLASS ' || quote_ident(n.nspname) || '.' || quote_ident(c.opcname)
         || case when c.opcdefault then ' DEFAULT' else '' end
         || ' FOR TYPE ' || format_type(c.opcintype, null) || ' USING ' || quote_ident(m.amname)
         || ' FAMILY ' || quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) || ' AS '
         || concat_ws(', ', case when c.opckeytype <> 0 then 'STORAGE ' || format_type(c.opckeytype, null)
                                 when e.list is null then 'STORAGE ' || format_type(c.opcintype, null) end,
                      e.list)
  from pg_catalog.pg_opclass c
  join pg_catalog.pg_namespace n on n.oid = c.opcnamespace
  join pg_catalog.pg_am m on m.oid = c.opcmethod
  join pg_catalog.pg_opfamily f on f.oid = c.opcfamily
  join pg_catalog.pg_namespace fn on fn.oid = f.opfnamespace
  left join entries e on e.refclassid = 'pg_catalog.pg_opclass'::regclass and e.refobjid = c.oid
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_opclass'::regclass and x.objid = c.oid
                      and x.deptype = 'e')
