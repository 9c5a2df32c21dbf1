package dev.belay.cli;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Remark;
import dev.belay.report.Report;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an operation ended.
 *
 * @param exitCode null: a signal ended the program
 * @param databaseChanged null: not known
 * @param begun whether its plan was agreed to, or it needed none; what only looks never begins
 * @param report its answer; null when it has none
 * @param failure null: it did not fail
 * @param remarks of its companions
 */
public record Outcome(
    @Nullable ExitCode exitCode,
    @Nullable Boolean databaseChanged,
    boolean begun,
    Duration duration,
    @Nullable Report report,
    @Nullable Failure failure,
    List<Remark> remarks) {
  public Outcome {
    remarks = List.copyOf(remarks);
  }

  /** The same with what the companions say. */
  public Outcome with(@Nullable ExitCode code, List<Remark> said) {
    return new Outcome(code, databaseChanged, begun, duration, report, failure, said);
  }
}
