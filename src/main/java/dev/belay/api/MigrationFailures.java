package dev.belay.api;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes of what broke the exception that a caller of the Java API is given. */
final class MigrationFailures {
  static final String AS_AT_POINT = "the tables are as at the rollback point";

  private MigrationFailures() {}

  /**
   * Does a step.
   *
   * @throws MigrationException when it fails
   */
  static <T> T translated(Supplier<T> step) {
    try {
      return step.get();
    } catch (Failure failure) {
      throw exception(failure, failure.state());
    }
  }

  /**
   * The exception.
   *
   * @param state of the database, where what broke does not know better
   */
  static MigrationException exception(@Nullable Throwable broken, String state) {
    if (broken instanceof Failure failure) {
      return new MigrationException(
          failure.message(),
          failure.exitCode() == ExitCode.INCOMPLETE ? failure.state() : state,
          failure.hint(),
          failure);
    }
    if (broken instanceof MigrationException told) {
      return told;
    }
    return new MigrationException(
        String.valueOf(broken == null ? "" : broken.getMessage()),
        state,
        "see the cause, mend it, and run the migration again",
        broken);
  }
}
