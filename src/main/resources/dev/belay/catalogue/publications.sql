-- Publications with what they publish.
select 'pg_catalog.pg_publication'::regclass::oid as class, p.oid as oid, 0 as part,
       'publication' as kind, '' as schema, p.pubname as name, '' as member,
       pg_get_userbyid(p.pubowner) as owner,
       case when p.puballtables then 'true' end as "all tables",
       concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                 case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end)
         as publish,
       case when p.pubviaroot then 'true' end as "via partition root", -- since 13
       to_jsonb(p) ->> 'pubgencols' as "generated columns", -- since 18
       (select string_agg(quote_ident(n.nspname), ', ' order by n.nspname) -- since 15
          from pg_catalog.pg_publication_namespace s -- since 15
          join pg_catalog.pg_namespace n on n.oid = s.pnnspid -- since 15
         where s.pnpubid = p.oid) as schemas, -- since 15
       (select string_agg(r.prrelid::regclass::text
                 || coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) -- since 15
                                        from pg_catalog.pg_attribute a -- since 15
                                       where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) -- since 15
                             || ')', '') -- since 15
                 || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '') -- since 15
                 , ', ' order by r.prrelid::regclass::text collate "C")
          from pg_catalog.pg_publication_rel r where r.prpubid = p.oid) as tables
  from pg_catalog.pg_publication p
 where not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_publication'::regclass and x.objid = p.oid
                      and x.deptype = 'e')
