package dev.belay.postgres;

import java.sql.SQLException;
import java.util.Optional;

/**
 * What the server, or the driver, said of an error that came through another library.
 *
 * @param state the SQLSTATE of five characters; empty where there is none
 * @param message in lower case without a full stop
 */
public record ServerError(String state, String message) {
  private static final int DEEPEST = 30;

  /** The first error of the server among the causes. */
  public static Optional<ServerError> in(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException error) {
        String state = error.getSQLState();
        return Optional.of(new ServerError(state == null ? "" : state, SqlFailures.text(error)));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
