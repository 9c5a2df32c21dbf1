package dev.belay.postgres;

import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A constraint that a row did not keep, as the server names it.
 *
 * @param state the SQLSTATE, of class 23
 * @param schema of the table, or of the partition, that holds the row
 * @param table the table, or the partition
 * @param constraint empty for not null
 */
public record Violation(String state, String schema, String table, String constraint) {
  private static final int DEEPEST = 20;

  /** The violation among the causes, if there is one. */
  public static Optional<Violation> in(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof PSQLException server) {
        return of(server);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  private static Optional<Violation> of(PSQLException thrown) {
    ServerErrorMessage said = thrown.getServerErrorMessage();
    String state = ((SQLException) thrown).getSQLState();
    if (said == null || state == null || !state.startsWith("23")) {
      return Optional.empty();
    }
    return Optional.of(
        new Violation(
            state,
            Optional.ofNullable(said.getSchema()).orElse(""),
            Optional.ofNullable(said.getTable()).orElse(""),
            Optional.ofNullable(said.getConstraint()).orElse("")));
  }
}
