package dev.belay.gradual;

import dev.belay.batch.BatchProgress;
import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchState;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of batches of a database, the newest first.
 *
 * @param database as {@code database@host:port}
 * @param message what was just done to one of them; null: nothing
 */
public record BatchStatusReport(String database, @ToPaste @Nullable String message, List<Line> runs)
    implements Report {
  public BatchStatusReport {
    runs = List.copyOf(runs);
  }

  /**
   * A run.
   *
   * @param phase data, schema, verify or done
   * @param state running, paused, aborting, aborted, failed, finished or discarded; {@code killed}:
   *     the program that did it is gone without a word
   * @param waitsFor what it waits for; null: nothing
   */
  public record Line(
      long run,
      String app,
      String migration,
      String phase,
      String state,
      @Nullable String reason,
      @Nullable String waitsFor,
      boolean alive,
      Instant begunAt,
      String begunBy,
      List<Step> steps) {
    public Line {
      steps = List.copyOf(steps);
    }

    static Line of(BatchRun run, List<BatchProgress> progress) {
      boolean killed = !run.alive() && run.state() == BatchState.RUNNING;
      return new Line(
          run.id(),
          run.app(),
          run.migration(),
          run.phase(),
          killed ? "killed" : run.state().word(),
          run.reason().orElse(null),
          run.alive() ? run.waitsFor().orElse(null) : null,
          run.alive(),
          run.begunAt(),
          run.begunBy(),
          progress.stream().map(Step::of).toList());
    }
  }

  /** A statement of a run. */
  public record Step(
      String script,
      int line,
      String table,
      long rowsInAll,
      long keysDone,
      long rowsDone,
      long batchesDone,
      boolean finished) {
    static Step of(BatchProgress progress) {
      return new Step(
          progress.script(),
          progress.line(),
          progress.table(),
          progress.rowsInAll(),
          progress.keysDone(),
          progress.rowsDone(),
          progress.batchesDone(),
          progress.finished());
    }
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (message != null) {
      lines.add(message);
    }
    if (runs.isEmpty()) {
      lines.add("no gradual-rollback was run in " + database);
    }
    for (Line run : runs) {
      lines.add(
          "run %d: %s of %s, phase %s, %s%s"
              .formatted(
                  run.run(),
                  run.migration(),
                  run.app(),
                  run.phase(),
                  run.state(),
                  run.reason() == null ? "" : " (" + run.reason() + ")"));
      lines.add("  since %s, by %s".formatted(Units.moment(run.begunAt()), run.begunBy()));
      for (Step step : run.steps()) {
        lines.add(
            "  %s, line %d: %s of about %s of %s, %s changed in %s%s"
                .formatted(
                    step.script(),
                    step.line(),
                    Units.count(step.keysDone()),
                    Units.count(step.rowsInAll(), "row", "rows"),
                    step.table(),
                    Units.count(step.rowsDone()),
                    Units.count(step.batchesDone(), "batch", "batches"),
                    step.finished() ? "; done" : ""));
      }
      if (run.waitsFor() != null) {
        lines.add("  waits: " + run.waitsFor());
      }
      if (!run.alive() && !run.state().equals("finished") && !run.state().equals("discarded")) {
        lines.add(
            "  nobody works on it; go on with: belay "
                + ShellWords.join(List.of("gradual-rollback", run.app(), run.migration())));
      }
    }
    return lines.stream().map(TextTable::visible).toList();
  }
}
