package dev.belay.batch;

import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.Optional;

/** Asks the server for what batches wait for. */
final class ThrottleQueries {
  /** A small committed write, as clients make them; and what somebody wants the run to do. */
  private static final String PROBE =
      """
      update belay.batch_run set seen_at = pg_catalog.clock_timestamp(), waits_for = nullif(?, '')
       where id = ?
      returning state, reason
      """;

  /** A replica that says nothing any more is as far behind as its last word is old. */
  private static final String LAG =
      """
      select replica, (extract(epoch from lag) * 1000)::bigint
        from (select application_name || coalesce(' at ' || client_addr::text, '') as replica,
                     greatest(replay_lag, flush_lag, write_lag,
                       case when replay_lsn < pg_catalog.pg_current_wal_lsn()
                             and reply_time < pg_catalog.clock_timestamp() - interval '15 s'
                            then pg_catalog.clock_timestamp() - reply_time end) as lag
                from pg_catalog.pg_stat_replication) as behind
       where lag > pg_catalog.make_interval(secs => ?)
       order by 2 desc
       limit 1
      """;

  /** Locks can be seen by every role, and what sessions of others do cannot. */
  private static final String WAITING =
      """
      select pg_catalog.count(distinct l.pid)
        from pg_catalog.pg_locks l
        join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where not l.granted
         and l.waitstart < pg_catalog.clock_timestamp() - interval '200 ms'
         and ?::integer = any (pg_catalog.pg_blocking_pids(l.pid))
      """;

  private static final String SEES =
      """
      select rolsuper or pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')
        from pg_catalog.pg_roles
       where rolname = current_user
      """;

  private static final String ACTIVE =
      """
      select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity
       where state = 'active' and backend_type = 'client backend'
         and application_name <> pg_catalog.current_setting('application_name')
      """;

  private static final String ARCHIVES =
      "select pg_catalog.current_setting('archive_mode') <> 'off'"
          + " and pg_catalog.has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'execute')";

  private static final String READY =
      "select pg_catalog.count(*) from pg_catalog.pg_ls_archive_statusdir()"
          + " where name like '%.ready'";

  private ThrottleQueries() {}

  /** What somebody wants. */
  record Wish(BatchState state, Optional<String> reason) {}

  static Optional<Wish> probe(Database session, long run, Optional<String> waitsFor) {
    return session.first(
        PROBE,
        row -> new Wish(BatchState.of(row.getString(1)), Optional.ofNullable(row.getString(2))),
        waitsFor.orElse(""),
        run);
  }

  /** A replica that is further behind, and by how many milliseconds. */
  record Behind(String replica, long millis) {}

  static Optional<Behind> behind(Database session, double seconds) {
    return session.first(LAG, row -> new Behind(row.getString(1), row.getLong(2)), seconds);
  }

  /** Sessions that wait longer than a moment for a lock of that one. */
  static long waitingFor(Database session, int pid) {
    return session.number(
        ServerInfo.of(session).major() >= 14
            ? WAITING
            : WAITING.replace("l.waitstart", "a.state_change"),
        pid);
  }

  /** Whether this role sees what sessions of others do. */
  static boolean seesOthers(Database session) {
    return session.test(SEES);
  }

  static long active(Database session) {
    return session.number(ACTIVE);
  }

  /** Whether WAL is archived, and this role may see how much waits. */
  static boolean archives(Database session) {
    return session.test(ARCHIVES);
  }

  static long readyToArchive(Database session) {
    return session.number(READY);
  }

  /** What the operator's query answers; it may change nothing, and must answer in a moment. */
  static boolean wishesPause(Database session, String query) {
    boolean[] answer = new boolean[1];
    session.readingAndForgetting(
        () -> {
          session.execute("set local statement_timeout = '800ms'");
          answer[0] = session.first(query, row -> row.getBoolean(1)).orElse(false);
        });
    return answer[0];
  }
}
