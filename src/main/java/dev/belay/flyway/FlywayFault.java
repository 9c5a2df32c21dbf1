package dev.belay.flyway;

import java.io.Serial;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What Flyway threw, for the log: its own exception holds whole statements, and with them the
 * values of placeholders, which may be secret.
 */
final class FlywayFault extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int line;

  /**
   * @param message without secrets
   * @param line of the statement that failed; 0 where that is not known
   * @param server what the server said, without secrets; null when it said nothing
   */
  FlywayFault(String message, int line, @Nullable Throwable server, StackTraceElement[] trace) {
    super(message, server);
    this.line = line;
    setStackTrace(trace);
  }

  OptionalInt line() {
    return line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
  }
}
