package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.postgres.Database;
import java.util.Optional;

/** Asks who migrates a database. */
final class MigratorQueries {
  private static final String MIGRATOR =
      """
      select pg_catalog.pg_get_userbyid(c.relowner)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p')
      """;

  private MigratorQueries() {}

  /** Who migrates: the owner of Flyway's history table; empty where there is none. */
  static Optional<String> migrator(Database live, AppSettings app) {
    return live.first(MIGRATOR, row -> row.getString(1), app.historySchema(), app.historyTable());
  }
}
