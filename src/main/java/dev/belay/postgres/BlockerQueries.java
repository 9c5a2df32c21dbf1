package dev.belay.postgres;

import java.sql.Timestamp;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Asks who keeps a session waiting for a lock. */
final class BlockerQueries {
  private static final String IN_THE_WAY =
      """
      select distinct b.pid, coalesce(a.usename::text, ''), coalesce(a.application_name, ''),
             coalesce(a.state, ''), coalesce(a.xact_start, a.backend_start),
             pg_catalog.left(
               pg_catalog.regexp_replace(
                 pg_catalog.regexp_replace(coalesce(a.query, ''), '''[^'']*(''|$)', '''…''', 'g'),
                 '\\s+', ' ', 'g'),
               200)
        from pg_catalog.unnest(pg_catalog.pg_blocking_pids(?)) b (pid)
        left join pg_catalog.pg_stat_activity a on a.pid = b.pid
       order by 1
      """;

  private BlockerQueries() {}

  /** Nobody: an empty list. */
  static List<Blocker> inTheWay(Database session, int pid) {
    return session.list(
        IN_THE_WAY,
        row -> {
          Timestamp since = row.getTimestamp(5);
          return new Blocker(
              row.getInt(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              Optional.ofNullable(since)
                  .map(moment -> moment.toInstant().truncatedTo(ChronoUnit.SECONDS)),
              row.getString(6));
        },
        pid);
  }
}
