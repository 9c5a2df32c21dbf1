-- Subscriptions, without how they connect, which holds secrets.
select 'pg_catalog.pg_subscription'::regclass::oid as class, s.oid as oid, 0 as part,
       'subscription' as kind, '' as schema, s.subname as name, '' as member,
       pg_get_userbyid(s.subowner) as owner,
       case when s.subenabled then 'true' end as enabled,
       (select string_agg(quote_ident(p), ', ' order by p) from unnest(s.subpublications) p)
         as publications
  from pg_catalog.pg_subscription s
 where s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
