package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.util.function.LongSupplier;

/**
 * Keeps scripts that run in a copy from what all databases of its server share, as replays are kept
 * from it.
 */
public final class SharedGuard {
  private final boolean guarded;

  /**
   * @param guarded whether that server has other databases than ours
   */
  SharedGuard(boolean guarded) {
    this.guarded = guarded;
  }

  /**
   * Before a statement in the transaction that is open, which it may end.
   *
   * @param script its name
   * @throws Failure REFUSED when what came before it reached beyond the database
   */
  public void begins(Database session, String script, String sql) {
    if (guarded && StatementKind.mayEndTransaction(sql)) {
      SharedObjects.check(session, script);
    }
  }

  /**
   * Before the transaction that is open is committed.
   *
   * @throws Failure as {@link #begins}
   */
  public void check(Database session, String script) {
    if (guarded) {
      SharedObjects.check(session, script);
    }
  }

  /**
   * Runs a statement of a script that has no transaction of its own.
   *
   * @return what {@code statement} returns
   * @throws Failure REFUSED, before it does anything or after it was rolled back, when it reaches
   *     beyond the database
   */
  public long outside(Database session, String script, String sql, LongSupplier statement) {
    if (!guarded) {
      return statement.getAsLong();
    }
    if (session.isInTransaction()) {
      begins(session, script, sql);
      return statement.getAsLong();
    }
    if (!StatementKind.isOfRows(sql)) {
      SharedObjects.probe(session, script, sql);
      return statement.getAsLong();
    }
    return session.inTransaction(
        () -> {
          long rows = statement.getAsLong();
          SharedObjects.check(session, script);
          return rows;
        });
  }
}
