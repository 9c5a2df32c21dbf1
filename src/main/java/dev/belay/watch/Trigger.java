package dev.belay.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.report.ToPaste;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is done when a limit is breached. */
interface Trigger {
  /** What it will do, for the plan. */
  String words();

  /** Whether a breach of that can have to do with what it undoes. */
  default boolean concerns(Measure measure) {
    return true;
  }

  /**
   * Does it.
   *
   * @param still whether the breach is not over meanwhile
   * @throws dev.belay.core.Failure INCOMPLETE when it left the database neither as it was nor as it
   *     should be; every other failure is an answer
   */
  Pulled pull(Breach breach, BooleanSupplier still);

  /** Whether the watch is over afterwards, since the database is another one then. */
  default boolean endsTheWatch() {
    return false;
  }

  /**
   * What came of it.
   *
   * @param trigger {@code run} or {@code rollback}
   * @param threshold that was breached
   * @param result one line
   * @param status exit status of a command; null: there was none
   * @param exitCode of what was done to the database; null: nothing was
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Pulled(
      String trigger,
      String threshold,
      Instant at,
      @ToPaste String result,
      @Nullable Integer status,
      @Nullable ExitCode exitCode) {
    /** Whether the database is another one now. */
    boolean changed() {
      return exitCode == ExitCode.OK || exitCode == ExitCode.INCOMPLETE;
    }
  }
}
