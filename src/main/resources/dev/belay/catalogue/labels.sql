-- Security labels.
select l.classoid as class, l.objoid as oid, l.objsubid as part,
       string_agg(quote_ident(l.provider) || ': ' || l.label, E'\n' order by l.provider) as value
  from pg_catalog.pg_seclabel l
 group by l.classoid, l.objoid, l.objsubid
