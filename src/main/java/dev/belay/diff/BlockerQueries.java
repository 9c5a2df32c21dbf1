package dev.belay.diff;

import dev.belay.postgres.Database;

/** Asks who keeps a session waiting for a lock. */
final class BlockerQueries {
  /** What they run is left out, since it may hold secrets. */
  private static final String IN_THE_WAY =
      """
      select coalesce(
               pg_catalog.string_agg(
                 pg_catalog.format(
                   'pid %s (user %s, application "%s", %s since %s)',
                   b.pid, coalesce(a.usename::text, '?'), coalesce(a.application_name, ''),
                   coalesce(a.state, '?'),
                   pg_catalog.date_trunc('second', coalesce(a.xact_start, a.backend_start))),
                 ', '),
               '')
        from pg_catalog.unnest(pg_catalog.pg_blocking_pids(?)) b (pid)
        left join pg_catalog.pg_stat_activity a on a.pid = b.pid
      """;

  private BlockerQueries() {}

  static int pid(Database session) {
    return (int) session.number("select pg_catalog.pg_backend_pid()");
  }

  /** In words; empty: nobody does. */
  static String inTheWay(Database session, int pid) {
    return session.text(IN_THE_WAY, pid);
  }
}
