package dev.belay.diff;

import dev.belay.postgres.Database;
import java.time.Duration;

/** Keeps tables as they are while they are merged. */
final class MergeQueries {
  private MergeQueries() {}

  /**
   * Keeps others from emptying, rewriting or dropping a table, which a snapshot does not protect
   * from; reading and writing goes on.
   */
  static void keep(Database session, Relation relation, Duration lockTimeout) {
    session.execute("set local lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
    session.execute("lock table " + relation.from() + " in access share mode");
  }
}
