package dev.belay.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The few statements that run while the {@code statement_timeout} of the role or the database still
 * counts. On a busy server a limit of some milliseconds cancels even {@code set statement_timeout =
 * 0}, so they are said again. Startup parameters would need no repetition, but poolers refuse them.
 */
final class UntilPinned {
  /** So many in a row are no chance: then the server's own error is the answer. */
  static final int TRIES = 100;

  /** What changes nothing when it is done twice. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws SQLException;
  }

  private UntilPinned() {}

  /**
   * What {@code step} answers, which was begun again each time the server canceled it.
   *
   * @throws SQLException any other error at once; the last cancellation after {@link #TRIES}
   */
  static <T> T run(Connection connection, Step<T> step) throws SQLException {
    for (int left = TRIES - 1; ; left--) {
      try {
        return step.run();
      } catch (SQLException error) {
        if (left == 0 || !SqlState.QUERY_CANCELED.isOf(error)) {
          throw error;
        }
        if (!connection.getAutoCommit()) {
          // A data source may give sessions that begin a transaction by themselves.
          connection.rollback();
        }
      }
    }
  }
}
