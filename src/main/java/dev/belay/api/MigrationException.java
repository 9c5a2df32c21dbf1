package dev.belay.api;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Why a migration could not begin or go on: what happened, what state the database is in, and what
 * to type next.
 */
public class MigrationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String state;
  private final String hint;

  /**
   * @param state what the tables are like now, as a sentence
   * @param hint one action, as a command where there is one
   */
  MigrationException(String message, String state, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.state = state;
    this.hint = hint;
  }

  /** What the tables are like now. */
  public String state() {
    return state;
  }

  /** What to do next. */
  public String hint() {
    return hint;
  }

  /** What happened, the state and the hint. */
  @Override
  public String getMessage() {
    return "%s (state: %s; hint: %s)".formatted(reason(), state, hint);
  }

  /** What happened. */
  public String reason() {
    return String.valueOf(super.getMessage());
  }
}
