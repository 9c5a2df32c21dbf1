-- Parsers, templates, dictionaries and configurations of text search.
select 'pg_catalog.pg_ts_parser'::regclass::oid as class, p.oid as oid, 0 as part,
       'text search parser' as kind, n.nspname as schema, p.prsname as name, '' as member,
       null::text as owner,
       'CREATE TEXT SEARCH PARSER ' || quote_ident(n.nspname) || '.' || quote_ident(p.prsname)
         || ' (START = ' || p.prsstart::regproc || ', GETTOKEN = ' || p.prstoken::regproc
         || ', END = ' || p.prsend::regproc || ', LEXTYPES = ' || p.prslextype::regproc
         || case when p.prsheadline <> 0 then ', HEADLINE = ' || p.prsheadline::regproc::text else '' end
         || ')' as definition
  from pg_catalog.pg_ts_parser p
  join pg_catalog.pg_namespace n on n.oid = p.prsnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_ts_parser'::regclass and x.objid = p.oid
                      and x.deptype = 'e')
union all
select 'pg_catalog.pg_ts_template'::regclass::oid, t.oid, 0,
       'text search template', n.nspname, t.tmplname, '', null,
       'CREATE TEXT SEARCH TEMPLATE ' || quote_ident(n.nspname) || '.' || quote_ident(t.tmplname)
         || ' (' || case when t.tmplinit <> 0 then 'INIT = ' || t.tmplinit::regproc || ', ' else '' end
         || 'LEXIZE = ' || t.tmpllexize::regproc || ')'
  from pg_catalog.pg_ts_template t
  join pg_catalog.pg_namespace n on n.oid = t.tmplnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_ts_template'::regclass and x.objid = t.oid
                      and x.deptype = 'e')
union all
select 'pg_catalog.pg_ts_dict'::regclass::oid, d.oid, 0,
       'text search dictionary', n.nspname, d.dictname, '', pg_get_userbyid(d.dictowner),
       'CREATE TEXT SEARCH DICTIONARY ' || quote_ident(n.nspname) || '.' || quote_ident(d.dictname)
         || ' (TEMPLATE = ' || quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname)
         || coalesce(', ' || d.dictinitoption, '') || ')'
  from pg_catalog.pg_ts_dict d
  join pg_catalog.pg_namespace n on n.oid = d.dictnamespace
  join pg_catalog.pg_ts_template t on t.oid = d.dicttemplate
  join pg_catalog.pg_namespace tn on tn.oid = t.tmplnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_ts_dict'::regclass and x.objid = d.oid
                      and x.deptype = 'e')
union all
select 'pg_catalog.pg_ts_config'::regclass::oid, c.oid, 0,
       'text search configuration', n.nspname, c.cfgname, '', pg_get_userbyid(c.cfgowner),
       'CREATE TEXT SEARCH CONFIGURATION ' || quote_ident(n.nspname) || '.' || quote_ident(c.cfgname)
         || ' (PARSER = ' || quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) || ')'
         || coalesce((
              select string_agg(E';\nALTER TEXT SEARCH CONFIGURATION ' || quote_ident(n.nspname) || '.'
                                || quote_ident(c.cfgname) || ' ADD MAPPING FOR ' || quote_ident(m.alias)
                                || ' WITH ' || m.dictionaries, '' order by m.alias collate "C")
                from (select y.alias, string_agg(u.mapdict::regdictionary::text, ', '
                                                 order by u.mapseqno) as dictionaries
                        from pg_catalog.pg_ts_config_map u
                        join ts_token_type(c.cfgparser) y on y.tokid = u.maptokentype
                       where u.mapcfg = c.oid
                       group by y.alias) m), '')
  from pg_catalog.pg_ts_config c
  join pg_catalog.pg_namespace n on n.oid = c.cfgnamespace
  join pg_catalog.pg_ts_parser p on p.oid = c.cfgparser
  join pg_catalog.pg_namespace pn on pn.oid = p.prsnamespace
 where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belay')
   and not exists (select from pg_catalog.pg_depend x
                    where x.classid = 'pg_catalog.pg_ts_config'::regclass and x.objid = c.oid
                      and x.deptype = 'e')
