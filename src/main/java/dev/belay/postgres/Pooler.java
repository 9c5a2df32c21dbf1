package dev.belay.postgres;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;

/** What stands between this program and the server, and whether a session behind it is one. */
public enum Pooler {
  /** The server itself answers. */
  NONE,
  /** A pooler answers, and each session keeps a server process of its own until its end. */
  KEEPS_SESSIONS,
  /** A pooler answers, and hands sessions from one server process to another between statements. */
  TRANSACTION_MODE;

  /**
   * Finds out. A session in transaction mode is never left open, since what it sets would stay with
   * server processes that other programs use.
   *
   * @throws Failure UNAVAILABLE when nothing can be reached
   */
  public static Pooler check(Databases databases, Target target) {
    try (Database database = databases.open(target)) {
      return database.pooler();
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.REFUSED) {
        return TRANSACTION_MODE;
      }
      throw failure;
    }
  }
}
