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
 * @param database for which what is to be pasted is meant
 */
public record Outcome(
    @Nullable ExitCode exitCode,
    @Nullable Boolean databaseChanged,
    boolean begun,
    Duration duration,
    @Nullable Report report,
    @Nullable Failure failure,
    List<Remark> remarks,
    SameDatabase database) {
  public Outcome {
    remarks = List.copyOf(remarks);
  }

  /** One of a run whose command line says nothing of the database. */
  public Outcome(
      @Nullable ExitCode exitCode,
      @Nullable Boolean databaseChanged,
      boolean begun,
      Duration duration,
      @Nullable Report report,
      @Nullable Failure failure,
      List<Remark> remarks) {
    this(
        exitCode, databaseChanged, begun, duration, report, failure, remarks, SameDatabase.plain());
  }

  /** Its answer for a person; empty when it has none. */
  public List<String> lines() {
    return report == null ? List.of() : report.lines(database::text);
  }

  /** The same with what the companions say. */
  public Outcome with(@Nullable ExitCode code, List<Remark> said) {
    return new Outcome(code, databaseChanged, begun, duration, report, failure, said, database);
  }
}
