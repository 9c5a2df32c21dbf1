package dev.belay.migrate;

import dev.belay.postgres.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a migration asks the live database, beside what Flyway does. */
final class MigrateQueries {
  /** Only sessions that wait are asked for their blockers, since that stops the lock manager. */
  private static final String WAITING =
      """
      select a.pid, coalesce(a.usename::text, ''), coalesce(a.application_name, ''),
             a.query_start::text,
             pg_catalog.left(
               pg_catalog.regexp_replace(
                 pg_catalog.regexp_replace(coalesce(a.query, ''), '''[^'']*(''|$)', '''…''', 'g'),
                 '\\s+', ' ', 'g'),
               200)
        from pg_catalog.pg_stat_activity a
       where a.wait_event_type = 'Lock'
         and a.datname = pg_catalog.current_database()
         and a.pid <> ?
         and coalesce(a.application_name, '') not like 'belay:%'
         and ? = any (pg_catalog.pg_blocking_pids(a.pid))
      """;

  private static final String ENDED =
      """
      select pg_catalog.count(*) filter (where pg_catalog.pg_terminate_backend(a.pid))
        from pg_catalog.pg_stat_activity a
       where a.application_name = ? and a.datname = pg_catalog.current_database()
         and a.pid <> pg_catalog.pg_backend_pid()
      """;

  private static final String LEFT =
      """
      select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity a
       where a.application_name = ? and a.datname = pg_catalog.current_database()
      """;

  private static final String LOAD =
      """
      select d.xact_commit, d.xact_rollback,
             (select coalesce(pg_catalog.string_agg(a.pid || ' ' || a.query_start, ','), '')
                from pg_catalog.pg_stat_activity a
               where a.wait_event_type = 'Lock'
                 and a.wait_event <> 'advisory'
                 and a.datname = pg_catalog.current_database()
                 and coalesce(a.application_name, '') not like 'belay:%')
        from pg_catalog.pg_stat_database d
       where d.datname = pg_catalog.current_database()
      """;

  private MigrateQueries() {}

  /**
   * A session that waits for a lock.
   *
   * @param since when its statement began, as the server writes it
   * @param query without what stands in quotes, which may be secret
   */
  record Waiting(int pid, String user, String application, String since, String query) {
    String words() {
      return "pid %d (user %s, application \"%s\")%s"
          .formatted(
              pid, user.isEmpty() ? "?" : user, application, query.isEmpty() ? "" : ": " + query);
    }
  }

  /** Who waits for locks that this server process holds, or waits for before them. */
  static List<Waiting> waitingFor(Database session, int pid) {
    return session.list(
        WAITING,
        row ->
            new Waiting(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                String.valueOf(row.getString(4)),
                row.getString(5)),
        pid,
        pid);
  }

  static int pid(Database session) {
    return (int) session.number("select pg_catalog.pg_backend_pid()");
  }

  /** Sets it for the session, or until the transaction ends. */
  static void lockTimeout(Database session, long millis, boolean inTransaction) {
    session.execute(
        "select pg_catalog.set_config('lock_timeout', ?, ?)", millis + "ms", inTransaction);
  }

  /** Asks the server to stop the statement of that server process. */
  static void cancel(Database session, int pid) {
    session.execute("select pg_catalog.pg_cancel_backend(?)", pid);
  }

  /** Ends all sessions of that name. */
  static void end(Database session, String applicationName) {
    session.number(ENDED, applicationName);
  }

  /** How many sessions of that name there are. */
  static long left(Database session, String applicationName) {
    return session.number(LEFT, applicationName);
  }

  /**
   * What clients did since the statistics began.
   *
   * @param waiting statements that wait for a lock; advisory locks are meant to be waited for
   */
  record Load(long committed, long rolledBack, Set<String> waiting) {
    Load {
      waiting = Set.copyOf(waiting);
    }
  }

  static Load load(Database session) {
    return session.one(
        LOAD, row -> new Load(row.getLong(1), row.getLong(2), words(row.getString(3))));
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : new HashSet<>(List.of(text.split(",")));
  }
}
