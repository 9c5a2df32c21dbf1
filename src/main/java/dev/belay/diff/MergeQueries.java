package dev.belay.diff;

import dev.belay.postgres.Database;
import java.time.Duration;

/** Keeps tables as they are while they are merged. */
final class MergeQueries {
  private MergeQueries() {}

  /** Where the server can, since 14: after {@code kill -9} it ends a long statement by itself. */
  static void noticeAGoneClient(Database session) {
    session.list(
        """
        select pg_catalog.set_config(s.name, '10s', false)
          from pg_catalog.pg_settings s
         where s.name = 'client_connection_check_interval'
        """,
        row -> row.getString(1));
  }

  /**
   * Keeps others from emptying, rewriting or dropping a table, which a snapshot does not protect
   * from; reading and writing goes on.
   */
  static void keep(Database session, Relation relation, Duration lockTimeout) {
    session.execute("set local lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
    session.execute("lock table " + relation.from() + " in access share mode");
  }
}
