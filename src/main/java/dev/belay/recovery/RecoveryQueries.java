package dev.belay.recovery;

import dev.belay.postgres.Database;

/** What a server says about who wrote to it. Reads only. */
final class RecoveryQueries {
  private static final String NEXT_TRANSACTION =
      """
      select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint
      """;

  private RecoveryQueries() {}

  /** The number that the next transaction that writes will have, in any database of the server. */
  static long nextTransaction(Database session) {
    return session.number(NEXT_TRANSACTION);
  }
}
