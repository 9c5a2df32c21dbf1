package dev.belay.readiness;

import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** What readiness asks the server; the catalogue and statistics only. */
final class ReadinessQueries {
  /** In bytes. */
  static final String SIZE = "select pg_catalog.pg_database_size(pg_catalog.current_database())";

  /**
   * Something of a session, for how long it has been so.
   *
   * @param who in words
   * @param millis for how long
   * @param doing in words
   * @param end the statement that ends it
   */
  record Since(String who, long millis, String doing, String end) {}

  /**
   * The server's sessions.
   *
   * @param most that there can be
   * @param taken of clients
   * @param active at work, as far as this role may see
   * @param hidden of which this role may not see what they do
   * @param free for this role, by all limits that there are
   */
  record Sessions(long most, long taken, long active, long hidden, long free) {}

  private static final String WHO =
      "pg_catalog.format('pid %s, user %s, application \"%s\"',"
          + " a.pid, a.usename, a.application_name)";

  /** Of clients in this database; autovacuum gives way by itself. */
  private static final String OTHERS =
      """
        from pg_catalog.pg_stat_activity a
       where a.datname = pg_catalog.current_database()
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.usesysid is not null
         and coalesce(a.backend_type, 'client backend') in ('client backend', 'walsender')
      """;

  private static final String LONG_TRANSACTIONS =
      "select "
          + WHO
          + """
      ,
             (extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000)::bigint,
             coalesce(a.state, 'state unknown'),
             pg_catalog.format('select pg_terminate_backend(%s)', a.pid)
      """
          + OTHERS
          + """
         and a.xact_start < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
       order by a.xact_start
      """;

  private static final String IDLE =
      "select "
          + WHO
          + """
      ,
             (extract(epoch from pg_catalog.clock_timestamp() - a.state_change) * 1000)::bigint,
             a.state,
             pg_catalog.format('select pg_terminate_backend(%s)', a.pid)
      """
          + OTHERS
          + """
         and a.state like 'idle in transaction%'
         and a.state_change < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
       order by a.state_change
      """;

  private static final String PREPARED =
      """
      select pg_catalog.format('%s of %s', p.gid, p.owner),
             (extract(epoch from pg_catalog.clock_timestamp() - p.prepared) * 1000)::bigint,
             'prepared',
             pg_catalog.format('rollback prepared %L', p.gid)
        from pg_catalog.pg_prepared_xacts p
       where p.database = pg_catalog.current_database()
       order by p.prepared
      """;

  /** Since 14 the server says since when a session waits; before, its statement's begin must do. */
  private static final String WAITS =
      "select "
          + WHO
          + """
      ,
             coalesce((extract(epoch from pg_catalog.clock_timestamp() - coalesce(
               (pg_catalog.to_jsonb(l) ->> 'waitstart')::timestamptz, a.query_start)) * 1000)::bigint,
               0),
             pg_catalog.format('waits for %s%s, behind pid %s', l.mode,
               case when c.oid is null then ''
                    else ' on ' || pg_catalog.format('%I.%I', n.nspname, c.relname) end,
               coalesce(nullif(pg_catalog.array_to_string(
                 pg_catalog.pg_blocking_pids(l.pid), ', pid '), ''), 'nobody any more')),
             coalesce('select pg_terminate_backend('
                 || nullif((pg_catalog.pg_blocking_pids(l.pid))[1], 0) || ')',
               'select * from pg_prepared_xacts')
        from pg_catalog.pg_locks l
        join pg_catalog.pg_stat_activity a on a.pid = l.pid
        left join pg_catalog.pg_class c
          on c.oid = l.relation and l.database =
             (select d.oid from pg_catalog.pg_database d
               where d.datname = pg_catalog.current_database())
        left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where not l.granted
         and l.locktype <> 'advisory'
         and a.datname = pg_catalog.current_database()
         and a.pid <> pg_catalog.pg_backend_pid()
       order by 2 desc
      """;

  /** Locks with which nobody else may write, or not even read. */
  private static final String STRONG =
      """
      select pg_catalog.format('%s %s on %I.%I, pid %s, user %s, application "%s"',
               case when l.granted then 'holds' else 'waits for' end,
               l.mode, n.nspname, c.relname, l.pid, coalesce(a.usename, '?'),
               coalesce(a.application_name, '')), 0, '',
             pg_catalog.format('select pg_terminate_backend(%s)', l.pid)
        from pg_catalog.pg_locks l
        join pg_catalog.pg_database d
          on d.oid = l.database and d.datname = pg_catalog.current_database()
        join pg_catalog.pg_class c on c.oid = l.relation
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'relation'
         and l.mode in ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock',
                        'ShareLock')
         and l.pid <> pg_catalog.pg_backend_pid()
         and c.relkind in ('r', 'p', 'm', 'S', 'i', 'I')
         and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and c.relpersistence <> 't'
       order by l.granted desc, n.nspname, c.relname, l.pid
      """;

  /** Since 12 those that replicate have places of their own. */
  private static final String SESSIONS =
      """
      with s as (
        select a.usesysid, a.usename, a.datname, a.state,
               coalesce(a.backend_type, '') = 'walsender'
                 and pg_catalog.current_setting('server_version_num')::int >= 120000 as apart,
               not (pg_catalog.pg_has_role(a.usesysid, 'usage')
                    or pg_catalog.pg_has_role('pg_read_all_stats', 'usage')) as hidden
          from pg_catalog.pg_stat_activity a
         where a.usesysid is not null
           and coalesce(a.backend_type, 'client backend') in ('client backend', 'walsender'))
      select pg_catalog.current_setting('max_connections')::bigint,
             (select pg_catalog.count(*) from s where not s.apart),
             (select pg_catalog.count(*) from s where s.state = 'active') - 1,
             (select pg_catalog.count(*) from s where s.hidden),
             least(
               pg_catalog.current_setting('max_connections')::bigint
                 - case when r.rolsuper then 0
                        else (select coalesce(pg_catalog.sum(x.setting::bigint), 0)
                                from pg_catalog.pg_settings x
                               where x.name in ('superuser_reserved_connections',
                                                'reserved_connections')) end
                 - (select pg_catalog.count(*) from s where not s.apart),
               case when r.rolsuper or r.rolconnlimit < 0 then 2147483647
                    else r.rolconnlimit
                         - (select pg_catalog.count(*) from s where s.usename = r.rolname) end,
               case when r.rolsuper or d.datconnlimit < 0 then 2147483647
                    else d.datconnlimit
                         - (select pg_catalog.count(*) from s where s.datname = d.datname) end)
        from pg_catalog.pg_roles r, pg_catalog.pg_database d
       where r.rolname = current_user and d.datname = pg_catalog.current_database()
      """;

  /** Sessions in this database of which this role may not see since when they do what. */
  private static final String HIDDEN =
      """
      select case when pg_catalog.pg_has_role('pg_read_all_stats', 'usage') then 0
                  else pg_catalog.count(*) end
      """
          + OTHERS
          + " and not pg_catalog.pg_has_role(a.usesysid, 'usage')";

  /** Where the database's own files are: a tablespace may lie on another disk. */
  private static final String DATA_FOLDER =
      """
      select coalesce(nullif(pg_catalog.pg_tablespace_location(d.dattablespace), ''), s.setting)
        from pg_catalog.pg_database d
        left join pg_catalog.pg_settings s on s.name = 'data_directory'
       where d.datname = pg_catalog.current_database()
      """;

  private ReadinessQueries() {}

  static List<Since> longTransactions(Database database, double seconds) {
    return since(database, LONG_TRANSACTIONS, seconds);
  }

  static List<Since> idleInTransaction(Database database, double seconds) {
    return since(database, IDLE, seconds);
  }

  static List<Since> prepared(Database database) {
    return since(database, PREPARED);
  }

  static List<Since> waits(Database database) {
    return since(database, WAITS);
  }

  private static List<Since> since(Database database, String query, Object... parameters) {
    return database.list(
        query,
        row -> new Since(row.getString(1), row.getLong(2), row.getString(3), row.getString(4)),
        parameters);
  }

  static List<Since> strongLocks(Database database) {
    return since(database, STRONG);
  }

  static Sessions sessions(Database database) {
    return database.one(
        SESSIONS,
        row ->
            new Sessions(
                row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)));
  }

  static long hidden(Database database) {
    return database.number(HIDDEN);
  }

  static Optional<String> dataFolder(Database database) {
    return database.one(DATA_FOLDER, row -> Optional.ofNullable(row.getString(1)));
  }
}
