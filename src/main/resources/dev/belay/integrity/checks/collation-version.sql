-- A collation sorts otherwise than when its indexes were made, so that they may hide rows.
-- severity: warning
-- hint: reindex what uses it, then: alter database ... refresh collation version, or alter collation ... refresh version
--
-- It happens when the operating system or ICU is upgraded. duplicate-key, by ranges of pages, finds rows that unique indexes lost.
select 'database ' || pg_catalog.current_database() as collation,
       v.recorded as "versionThen", v.actual as "versionNow"
  from (select pg_catalog.substring(x.answer, '<recorded>([^<]*)</recorded>') as recorded,
               pg_catalog.substring(x.answer, '<actual>([^<]*)</actual>') as actual
          from (select pg_catalog.query_to_xml(
                         'select datcollversion as recorded, pg_catalog.pg_database_collation_actual_version(oid) as actual'
                           || ' from pg_catalog.pg_database where datname = pg_catalog.current_database()',
                         false, true, '')::text as answer
                 where pg_catalog.current_setting('server_version_num')::int >= 150000) x) v
 where v.recorded <> v.actual
 union all
select n.nspname || '.' || l.collname, l.collversion, pg_catalog.pg_collation_actual_version(l.oid)
  from pg_catalog.pg_collation l
  join pg_catalog.pg_namespace n on n.oid = l.collnamespace
 where l.collversion is distinct from null
   and l.collversion <> pg_catalog.pg_collation_actual_version(l.oid)
   and exists (
         select from pg_catalog.pg_index i
          where l.oid = any (i.indcollation::oid[]) and i.indexrelid >= 16384)
 order by 1
