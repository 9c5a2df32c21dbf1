package dev.belay.flyway;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes and removes single rows of a history table. */
final class HistoryRecordQueries {
  /** Where the rank is an identity column, Flyway's own number counts all the same. */
  private static final String INSERT =
      """
      insert into %s
             (installed_rank, version, description, type, script, checksum,
              installed_by, installed_on, execution_time, success)
      overriding system value
      values (?, ?, ?, ?, ?, ?, pg_catalog.left(?, 100), pg_catalog.now(), ?, true)
      """;

  private HistoryRecordQueries() {}

  static int nextRank(Database session, TableName table) {
    return (int)
        session.number("select coalesce(pg_catalog.max(installed_rank), 0) + 1 from " + table);
  }

  static void insert(Database session, TableName table, AppliedMigration row) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(row.installedRank());
    values.add(row.version());
    values.add(row.description());
    values.add(row.type());
    values.add(row.script());
    values.add(row.checksum());
    values.add(row.installedBy());
    values.add(row.executionMillis());
    session.execute(INSERT.formatted(table), values.toArray());
  }

  /** How many rows went. */
  static int remove(Database session, TableName table, AppliedMigration row) {
    return session.execute(
        "delete from " + table + " where installed_rank = ? and type = ?",
        row.installedRank(),
        row.type());
  }
}
