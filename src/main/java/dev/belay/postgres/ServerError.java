package dev.belay.postgres;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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

  /**
   * The first error of the server among the causes told anew, for a log that must not hold all of
   * it; null when there is none.
   *
   * @param mask takes out what nobody is to see
   */
  public static @Nullable Throwable retold(Throwable thrown, UnaryOperator<String> mask) {
    return in(thrown)
        .map(error -> new SQLException(mask.apply(error.message()), error.state()))
        .orElse(null);
  }
}
