package dev.belay.flyway;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.postgres.SqlState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.flywaydb.core.api.FlywayException;

/**
 * That a script is to blame for a failure of {@link FlywayEngine}, and not the server or the way to
 * it.
 *
 * @param line of the statement that failed, the first is 1; empty where that is not known
 */
public record ScriptFault(OptionalInt line) {
  /** Connections, resources, the operator, the system, and defects of the server. */
  private static final List<String> TROUBLE = List.of("08", "53", "57P", "58", "XX");

  private static final int DEEPEST = 30;

  /** What the failure says of a script; empty when something else is to blame. */
  public static Optional<ScriptFault> in(Failure failure) {
    boolean trouble =
        SqlState.of(failure)
            .map(state -> TROUBLE.stream().anyMatch(state::startsWith))
            .orElse(false);
    if (failure.exitCode() != ExitCode.FAILED || trouble) {
      return Optional.empty();
    }
    boolean ofFlyway = false;
    OptionalInt line = OptionalInt.empty();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      ofFlyway |= cause instanceof FlywayException;
      if (cause instanceof FlywayFault fault) {
        ofFlyway = true;
        line = fault.line();
      }
      cause = cause.getCause();
    }
    return ofFlyway ? Optional.of(new ScriptFault(line)) : Optional.empty();
  }
}
