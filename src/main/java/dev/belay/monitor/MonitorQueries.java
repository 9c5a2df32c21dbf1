package dev.belay.monitor;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the monitor asks the server: one statement each time. */
final class MonitorQueries {
  /**
   * A part of the statement, which is one row.
   *
   * @param what it tells, in words
   * @param columns their names
   */
  private record Part(String what, List<String> columns, String sql) {
    String nothing() {
      return columns.stream()
          .map(column -> "null::bigint as " + column)
          .collect(Collectors.joining(", ", "select ", ""));
    }
  }

  /**
   * What this session is with.
   *
   * @param seesAll whether this role sees what sessions of other roles do
   * @param address of the server's end; null over a Unix socket
   * @param dataDirectory null when this role may not know it
   */
  record Server(
      String role, boolean seesAll, @Nullable String address, @Nullable String dataDirectory) {}

  private static final String SERVER =
      """
      select current_user::text,
             pg_catalog.pg_has_role('pg_read_all_stats', 'usage'),
             pg_catalog.host(pg_catalog.inet_server_addr()),
             (select s.setting from pg_catalog.pg_settings s where s.name = 'data_directory')
      """;

  /** Where a role sees nothing of a session it does not see either that it is one of a client. */
  private static final String CLIENTS =
      """
      select a.pid, a.state, a.wait_event_type, a.wait_event, a.xact_start,
             a.datname = pg_catalog.current_database() as here
        from pg_catalog.pg_stat_activity a
       where a.datname is not null
         and a.usesysid is not null
         and coalesce(a.backend_type, 'client backend') = 'client backend'
      """;

  private static final Part SESSIONS =
      new Part(
          "sessions",
          List.of(
              "connections",
              "active",
              "waiting",
              "longest",
              "server_connections",
              "max_connections",
              "database_limit"),
          """
          select pg_catalog.count(*) filter (where c.here and not c.own) as connections,
                 pg_catalog.count(*) filter (where c.here and not c.own
                                               and c.state in ('active', 'fastpath function call'))
                   as active,
                 pg_catalog.count(*) filter (where c.here and c.wait_event_type = 'Lock'
                                               and c.wait_event <> 'advisory')
                   as waiting,
                 greatest(
                   0,
                   pg_catalog.max(case when c.here and not c.own then
                     extract(epoch from pg_catalog.clock_timestamp() - c.xact_start) * 1000 end),
                   (select pg_catalog.max(
                             extract(epoch from pg_catalog.clock_timestamp() - p.prepared) * 1000)
                      from pg_catalog.pg_prepared_xacts p
                     where p.database = pg_catalog.current_database()))::bigint as longest,
                 pg_catalog.count(*) as server_connections,
                 pg_catalog.current_setting('max_connections')::bigint
                   - pg_catalog.current_setting('superuser_reserved_connections')::bigint
                   - coalesce(nullif(pg_catalog.current_setting('reserved_connections', true),
                                     '')::bigint, 0) as max_connections,
                 (select nullif(d.datconnlimit, -1)::bigint
                    from pg_catalog.pg_database d
                   where d.datname = pg_catalog.current_database()) as database_limit
            from (select x.*, x.pid = pg_catalog.pg_backend_pid() as own from (%s) as x) as c
          """
              .formatted(CLIENTS));

  /** Locks are shown to everybody, so that waiting is seen where sessions are not. */
  private static final Part LOCK_WAITS =
      new Part(
          "lock waits",
          List.of("waiting_by_locks"),
          """
          select pg_catalog.count(distinct l.pid) as waiting_by_locks
            from pg_catalog.pg_locks l
            join pg_catalog.pg_stat_activity a on a.pid = l.pid
           where not l.granted
             and l.locktype <> 'advisory'
             and a.datname = pg_catalog.current_database()
          """);

  private static final Part NO_LOCK_WAITS =
      new Part(
          "lock waits", List.of("waiting_by_locks"), "select null::bigint as waiting_by_locks");

  private static final Part WAL =
      new Part(
          "the write-ahead log",
          List.of("wal"),
          """
          select pg_catalog.pg_wal_lsn_diff(
                   case when pg_catalog.pg_is_in_recovery()
                        then coalesce(pg_catalog.pg_last_wal_receive_lsn(),
                                      pg_catalog.pg_last_wal_replay_lsn())
                        else pg_catalog.pg_current_wal_lsn() end,
                   '0/0')::bigint as wal
          """);

  /** Those that follow this server, and on a standby how far it is itself behind. */
  private static final Part REPLICATION =
      new Part(
          "replication",
          List.of("lag_bytes", "lag_millis"),
          """
          select pg_catalog.max(greatest(l.bytes, 0))::bigint as lag_bytes,
                 (extract(epoch from pg_catalog.max(l.behind)) * 1000)::bigint as lag_millis
            from (select pg_catalog.pg_wal_lsn_diff(
                           case when pg_catalog.pg_is_in_recovery()
                                then pg_catalog.pg_last_wal_replay_lsn()
                                else pg_catalog.pg_current_wal_lsn() end,
                           r.replay_lsn) as bytes,
                         r.replay_lag as behind
                    from pg_catalog.pg_stat_replication r
                   where r.replay_lsn is not null
                  union all
                  select pg_catalog.pg_wal_lsn_diff(
                           pg_catalog.pg_last_wal_receive_lsn(),
                           pg_catalog.pg_last_wal_replay_lsn()),
                         case when pg_catalog.pg_last_wal_receive_lsn()
                                   is distinct from pg_catalog.pg_last_wal_replay_lsn()
                              then pg_catalog.clock_timestamp()
                                   - pg_catalog.pg_last_xact_replay_timestamp()
                              else interval '0' end
                   where pg_catalog.pg_is_in_recovery()) as l
          """);

  private static final Part STATISTICS =
      new Part(
          "statistics",
          List.of("commits", "rollbacks", "deadlocks", "temp_bytes"),
          """
          select s.xact_commit as commits, s.xact_rollback as rollbacks,
                 s.deadlocks as deadlocks, s.temp_bytes as temp_bytes
            from pg_catalog.pg_stat_database s
           where s.datname = pg_catalog.current_database()
          """);

  private static final String COLUMNS =
      "connections, active, coalesce(waiting_by_locks, waiting), longest, server_connections,"
          + " max_connections, database_limit, lag_bytes, lag_millis, wal, commits, rollbacks,"
          + " deadlocks, temp_bytes";

  private MonitorQueries() {}

  /** What this session is with. */
  static Server server(Database session) {
    return session.one(
        SERVER,
        row -> new Server(row.getString(1), row.getBoolean(2), row.getString(3), row.getString(4)));
  }

  /**
   * The statement for this server and role.
   *
   * @param notes what is left out because the server refuses it
   */
  static String statement(Database session, boolean seesAll, List<String> notes) {
    List<Part> parts =
        List.of(SESSIONS, seesAll ? NO_LOCK_WAITS : LOCK_WAITS, WAL, REPLICATION, STATISTICS);
    StringBuilder statement = new StringBuilder("select ").append(COLUMNS).append(" from ");
    int number = 0;
    for (Part part : parts) {
      String sql = answered(session, part, notes);
      statement.append(number == 0 ? "" : " left join ");
      statement.append('(').append(sql).append(") as p").append(number);
      statement.append(number == 0 ? "" : " on true");
      number++;
    }
    return statement.toString();
  }

  /** Some services refuse a part of it, such as those that have no write-ahead log to speak of. */
  private static String answered(Database session, Part part, List<String> notes) {
    try {
      session.list(part.sql(), row -> "");
      return part.sql();
    } catch (Failure refused) {
      if (SqlState.of(refused).isEmpty() || SqlState.lostConnection(refused)) {
        throw refused;
      }
      notes.add("the server does not tell %s: %s".formatted(part.what(), refused.message()));
      return part.nothing();
    }
  }

  /** What the database does now. */
  static DatabaseFigures figures(Database session, String statement) {
    return session.one(statement, MonitorQueries::figures);
  }

  private static DatabaseFigures figures(ResultSet row) throws SQLException {
    return new DatabaseFigures(
        integer(row, 1),
        integer(row, 2),
        integer(row, 3),
        number(row, 4),
        integer(row, 5),
        integer(row, 6),
        integer(row, 7),
        number(row, 8),
        number(row, 9),
        number(row, 10),
        number(row, 11),
        number(row, 12),
        number(row, 13),
        number(row, 14));
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : Long.valueOf(value);
  }

  private static @Nullable Integer integer(ResultSet row, int column) throws SQLException {
    Long value = number(row, column);
    return value == null ? null : Integer.valueOf(value.intValue());
  }
}
