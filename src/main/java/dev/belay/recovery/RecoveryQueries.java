package dev.belay.recovery;

import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server says about who wrote to it, and the little that is put right by itself. */
final class RecoveryQueries {
  /** From this version on the server counts sessions without losing any. */
  private static final int COUNTS_SESSIONS = 15;

  /** By the older names of these functions, since server 12 knows no others. */
  private static final String NEXT_TRANSACTION =
      """
      select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())
      """;

  /** Those that a role may not see have no kind and no beginning. */
  private static final String SESSIONS =
      """
      select a.pid, coalesce(a.backend_start::text, ''), coalesce(a.application_name, ''),
             coalesce(a.usename, '?'), coalesce(pg_catalog.host(a.client_addr), 'local'),
             coalesce(a.client_port, -1), coalesce(a.backend_type, '?'),
             coalesce(a.xact_start::text, '')
        from pg_catalog.pg_stat_activity a
       where a.datid = ?::bigint::oid
         and a.pid <> pg_catalog.pg_backend_pid()
         and coalesce(a.backend_type, '?') not in
             ('autovacuum worker', 'parallel worker', 'walsender')
      """;

  private static final String SESSIONS_SO_FAR =
      """
      select s.sessions, coalesce(s.stats_reset::text, '')
        from pg_catalog.pg_stat_database s
       where s.datname = pg_catalog.current_database()
      """;

  private static final String PREPARED =
      """
      select p.gid
        from pg_catalog.pg_prepared_xacts p
       where p.database = pg_catalog.current_database()
       order by p.gid
      """;

  /** Invalid ones, with the statement that takes each away without a strong lock. */
  private static final String INVALID_INDEXES =
      """
      select n.nspname, t.relname, i.relname,
             pg_catalog.format('drop index concurrently if exists %I.%I', n.nspname, i.relname)
        from pg_catalog.pg_index x
        join pg_catalog.pg_class i on i.oid = x.indexrelid
        join pg_catalog.pg_class t on t.oid = x.indrelid
        join pg_catalog.pg_namespace n on n.oid = i.relnamespace
       where not x.indisvalid and i.relkind = 'i'
       order by 1, 2, 3
      """;

  private static final String REMOVE_FAILED =
      """
      delete from %s where installed_rank = ? and script = ? and not success
      """;

  private RecoveryQueries() {}

  /**
   * A session with the database.
   *
   * @param began tells it from a later one of the same process number
   * @param port of the client; -1 when it is no connection of the network
   * @param transaction when the one that is open began; empty: there is none to be seen
   */
  record Session(
      int pid,
      String began,
      String application,
      String user,
      String address,
      int port,
      String kind,
      String transaction) {
    /** For people. */
    String words() {
      return "%s of %s from %s"
          .formatted(application.isEmpty() ? kind : application, user, address);
    }
  }

  /** How many sessions there were since the statistics were begun. */
  record Count(long sessions, String reset) {}

  /** An index that a statement without a transaction left half made. */
  record HalfIndex(String schema, String table, String name, String removal) {}

  /** The number that the next transaction that writes will have, in any database of the server. */
  static long nextTransaction(Database session) {
    return session.number(NEXT_TRANSACTION);
  }

  /** The others that are with the database now. */
  static List<Session> sessions(Database session) {
    return sessionsOf(
        session,
        session.number(
            """
            select d.oid::bigint from pg_catalog.pg_database d
             where d.datname = pg_catalog.current_database()
            """));
  }

  /** The number that a database keeps whatever its name is. */
  static long number(Database session, String database) {
    return session.number(
        "select d.oid::bigint from pg_catalog.pg_database d where d.datname = ?", database);
  }

  /** The others that are now with the database of that number. */
  static List<Session> sessionsOf(Database session, long database) {
    return session.list(
        SESSIONS,
        row ->
            new Session(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getString(7),
                row.getString(8)),
        database);
  }

  /** Empty where the server does not count them, or loses some. */
  static Optional<Count> sessionsSoFar(Database session) {
    if (ServerInfo.of(session).major() < COUNTS_SESSIONS) {
      return Optional.empty();
    }
    // What this session is to be counted as is told at the end of its next statement.
    session.list("select pg_catalog.pg_stat_force_next_flush()::text", row -> "");
    session.list("select 1", row -> 1);
    return session.first(SESSIONS_SO_FAR, row -> new Count(row.getLong(1), row.getString(2)));
  }

  /** Transactions that were prepared, which anybody may commit. */
  static List<String> prepared(Database session) {
    return session.list(PREPARED, row -> row.getString(1));
  }

  /** Whether it was there to be ended. */
  static boolean end(Database session, Session other) {
    return session.test(
        """
        select coalesce((select pg_catalog.pg_terminate_backend(a.pid)
                           from pg_catalog.pg_stat_activity a
                          where a.pid = ? and a.backend_start::text = ?), false)
        """,
        other.pid(),
        other.began());
  }

  static List<HalfIndex> halfIndexes(Database session) {
    return session.list(
        INVALID_INDEXES,
        row ->
            new HalfIndex(row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
  }

  /** Whether the row was there, and said that it failed. */
  static boolean removeFailed(Database session, TableName history, AppliedMigration row) {
    return session.execute(REMOVE_FAILED.formatted(history), row.installedRank(), row.script())
        == 1;
  }

  /** Whether a column holds anything at all. */
  static boolean holdsAnything(Database session, TableName table, @Nullable String column) {
    String condition =
        column == null ? "" : " where " + new dev.belay.core.Identifier(column) + " is not null";
    return session.test("select exists (select from only %s%s)".formatted(table, condition));
  }
}
