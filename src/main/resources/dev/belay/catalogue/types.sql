-- Enums, domains, composite and range types, and base types.
select 'pg_catalog.pg_type'::regclass::oid as class, t.oid as oid, 0 as part,
       case when t.typtype = 'e' then 'enum' when t.typtype = 'd' then 'domain'
            when t.typtype = 'c' then 'composite type' when t.typtype = 'r' then 'range type'
            else 'base type' end as kind,
       n.nspname as schema, t.typname as name, '' as member,
       pg_get_userbyid(t.typowner) as owner,
       case when t.typtype = 'e' then
         (select string_agg(quote_literal(e.enumlabel), E'\n' order by e.enumsortorder)
            from pg_catalog.pg_enum e where e.enumtypid = t.oid) end as labels,
       case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as type,
       case when t.typtype = 'd' and t.typcollation <> b.typcollation then
         (select quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
            from pg_catalog.pg_collation l
            join pg_catalog.pg_namespace cn on cn.oid = l.collnamespace
           where l.oid = t.typcollation) end as collation,
       case when t.typtype = 'd' then
         coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) end as "default",
       case when t.typtype = 'd' and t.typnotnull then 'true' end as "not null",
       case when t.typtype = 'r' then
         (select 'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
                 || ' AS RANGE (SUBTYPE = ' || format_type(r.rngsubtype, null)
                 || case when not o.opcdefault then
                      (select ', SUBTYPE_OPCLASS = ' || quote_ident(opn.nspname) || '.'
                              || quote_ident(o.opcname)
                         from pg_catalog.pg_namespace opn where opn.oid = o.opcnamespace)
                    else '' end
                 || coalesce((select ', COLLATION = ' || quote_ident(cn.nspname) || '.'
                                     || quote_ident(l.collname)
                                from pg_catalog.pg_collation l
                                join pg_catalog.pg_namespace cn on cn.oid = l.collnamespace
                                join pg_catalog.pg_type st on st.oid = r.rngsubtype
                               where l.oid = r.rngcollation and l.oid <> st.typcollation), '')
                 || case when r.rngcanonical <> 0 then ', CANONICAL = ' || r.rngcanonical::regproc::text
                         else '' end
                 || case when r.rngsubdiff <> 0 then ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc::text
                         else '' end
                 || ', MULTIRANGE_TYPE_NAME = ' || format_type(r.rngmultitypid, null) -- since 14
                 || ')'
            from pg_catalog.pg_range r join pg_catalog.pg_opclass o on o.oid = r.rngsubopc
           where r.rngtypid = t.oid)
         when not t.typisdefined then
           'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
         when t.typtype = 'b' then
           'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
           || ' (INPUT = ' || t.typinput::regproc::text || ', OUTPUT = ' || t.typoutput::regproc::text
           || case when t.typreceive <> 0 then ', RECEIVE = ' || t.typreceive::regproc::text else '' end
           || case when t.typsend <> 0 then ', SEND = ' || t.typsend::regproc::text else '' end
           || case when t.typmodin <> 0 then ', TYPMOD_IN = ' || t.typmodin::regproc::text else '' end
           || case when t.typmodout <> 0 then ', TYPMOD_OUT = ' || t.typmodout::regproc::text else '' end
           || case when t.typanalyze <> 0 then ', ANALYZE = ' || t.typanalyze::regproc::text else '' end
           || ', INTERNALLENGTH = ' || case t.typlen when -1 then 'VARIABLE' else t.typlen::text end
           || case when t.typbyval then ', PASSEDBYVALUE' else '' end
           || ', ALIGNMENT = ' || case t.typalign when 'c' then 'char' when 's' then 'int2'
                                                  when 'i' then 'int4' else 'double' end
           || ', STORAGE = ' || case t.typstorage when 'p' then 'plain' when 'e' then 'external'
                                                  when 'm' then 'main' else 'extended' end
           || ', CATEGORY = ' || quote_literal(t.typcategory::text)
           || case when t.typispreferred then ', PREFERRED = true' else '' end
           || case when t.typdefault is not null then ', DEFAULT = ' || quote_literal(t.typdefault)
                   else '' end
           || case when t.typelem <> 0 then ', ELEMENT = ' || format_type(t.typelem, null) else '' end
           || case when t.typdelim <> ',' then ', DELIMITER = ' || quote_literal(t.typdelim::text) else '' end
           || case when t.typcollation <> 0 then ', COLLATABLE = true' else '' end
           || ')' end as definition
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_type b on b.oid = t.typbasetype
  left join pg_catalog.pg_class c on c.oid = t.typrelid
 where (t.typtype in ('e', 'd', 'r', 'b') or t.typtype = 'c' and c.relkind = 'c'
        or t.typtype = 'p' and not t.typisdefined)
   and not exists (select from pg_catalog.pg_type e where e.typarray = t.oid)
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_type'::regclass and x.objid = t.oid
                      and x.deptype = 'e')
