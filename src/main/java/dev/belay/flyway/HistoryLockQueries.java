package dev.belay.flyway;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;

/** Takes locks until the end of the transaction. */
final class HistoryLockQueries {
  private HistoryLockQueries() {}

  /** Takes Flyway's own lock; false: somebody has it. */
  static boolean tryFlyway(Database session, long key) {
    return session.test("select pg_catalog.pg_try_advisory_xact_lock(?)", key);
  }

  /** Keeps everybody from writing into the table. */
  static void lock(Database session, TableName table) {
    session.execute("lock table " + table + " in share row exclusive mode");
  }
}
