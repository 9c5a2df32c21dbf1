package dev.belay.batch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Optional;

/** Vacuums, and asks what makes that useless. */
final class VacuumQueries {
  private static final String OLD =
      """
      select pg_catalog.format('pid %s (%s) since %s', pid, coalesce(nullif(application_name, ''),
               usename::text, '?'), pg_catalog.date_trunc('second', xact_start))
        from pg_catalog.pg_stat_activity
       where backend_xmin is not null and datname = pg_catalog.current_database()
         and pid <> pg_catalog.pg_backend_pid()
         and xact_start < pg_catalog.clock_timestamp() - interval '20 s'
       order by pg_catalog.age(backend_xmin) desc
       limit 1
      """;

  private VacuumQueries() {}

  /** A session that has seen the database as it was a while ago, and still does. */
  static Optional<String> oldSnapshot(Database session) {
    return session.first(OLD, row -> row.getString(1));
  }

  /** Without giving room back to the system, which needs a lock that stops everybody. */
  static void vacuum(Database session, TableName table) {
    session.execute("vacuum (truncate off) " + table);
  }
}
