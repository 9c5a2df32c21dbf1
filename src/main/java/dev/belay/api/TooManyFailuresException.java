package dev.belay.api;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Too many records failed, so that everything was brought back to the rollback point. */
public final class TooManyFailuresException extends MigrationException {
  @Serial private static final long serialVersionUID = 1;

  private final transient MigrationStatistics statistics;

  TooManyFailuresException(
      String message,
      String state,
      String hint,
      MigrationStatistics statistics,
      @Nullable Throwable lastFailure) {
    super(message, state, hint, lastFailure);
    this.statistics = statistics;
  }

  /** How far it came before it was brought back. Its cause is the last failure of a record. */
  public MigrationStatistics statistics() {
    return statistics;
  }
}
