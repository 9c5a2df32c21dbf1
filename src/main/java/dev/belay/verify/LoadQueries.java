package dev.belay.verify;

import dev.belay.postgres.Database;

/** Reads how busy a server is. */
final class LoadQueries {
  /** Without the right to see others' sessions, their state is null. */
  private static final String SESSIONS =
      """
      select pg_catalog.count(*) filter (where state = 'active'),
             pg_catalog.count(*) filter (where state is null),
             (select coalesce(pg_catalog.sum(xact_commit + xact_rollback), 0)
                from pg_catalog.pg_stat_database)
        from pg_catalog.pg_stat_activity
       where pid <> pg_catalog.pg_backend_pid()
         and (backend_type = 'client backend' or backend_type is null)
         and usename is not null
      """;

  /**
   * One look.
   *
   * @param active sessions of others that are at work
   * @param hidden sessions of others of which this role may not know it
   * @param transactions since the statistics were reset
   */
  record Look(long active, long hidden, long transactions) {}

  private LoadQueries() {}

  static Look look(Database session) {
    return session.one(SESSIONS, row -> new Look(row.getLong(1), row.getLong(2), row.getLong(3)));
  }
}
