-- An index is not valid: queries do not use it, or it does not keep what it should.
-- severity: error
-- hint: drop index concurrently ..., then make it again; or: reindex index concurrently ...
--
-- What is being built at this moment is passed over; where another role builds it, and this one may not see which
-- index it is, what that session has locked the table of.
select n.nspname as schema, c.relname as "table", x.relname as index,
       case when not i.indislive then 'being dropped'
            when not i.indisready then 'not kept up'
            else 'not valid' end as state
  from pg_catalog.pg_index i
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  join pg_catalog.pg_class c on c.oid = i.indrelid
  join pg_catalog.pg_namespace n on n.oid = x.relnamespace
 where not (i.indisvalid and i.indisready and i.indislive)
   and pg_catalog.left(n.nspname, 3) <> 'pg_'
   and n.nspname <> 'information_schema'
   and not exists (
         select from pg_catalog.pg_stat_progress_create_index p
          where p.datname = pg_catalog.current_database() and p.index_relid = i.indexrelid)
   and not exists (
         select from pg_catalog.pg_stat_progress_create_index p
           join pg_catalog.pg_locks l on l.pid = p.pid
           join pg_catalog.pg_database d on d.oid = l.database and d.datname = p.datname
          where p.datname = pg_catalog.current_database()
            and pg_catalog.num_nulls(p.index_relid) > 0
            and l.locktype = 'relation'
            and l.relation = i.indrelid
            and l.granted
            and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock'))
 order by 1, 2, 3
