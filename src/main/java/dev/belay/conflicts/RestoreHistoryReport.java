package dev.belay.conflicts;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a history table was put back.
 *
 * @param database as {@code database@host:port}
 * @param history the history table
 * @param copy the copy that it was put back from
 * @param takenAt when the copy was taken
 * @param steps in what the table differed from the copy; empty: in nothing
 * @param savedAs the copy of what it was until now; null when nothing was changed
 */
public record RestoreHistoryReport(
    String database,
    String app,
    String history,
    String copy,
    Instant takenAt,
    List<String> steps,
    @Nullable String savedAs)
    implements Report {
  public RestoreHistoryReport {
    steps = List.copyOf(steps);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return savedAs != null;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (steps.isEmpty()) {
      lines.add(
          "%s is as it was at %s: nothing was done".formatted(history, Units.moment(takenAt)));
    } else if (savedAs == null) {
      lines.add("nothing was done: --dry-run");
    } else {
      lines.add("%s is again as it was at %s".formatted(history, Units.moment(takenAt)));
      lines.add("as it was until now: " + savedAs);
      lines.add(
          "to put that back: "
              + toPaste.apply(
                  "belay "
                      + ShellWords.join(
                          List.of("resolve-conflicts", "--restore-history", savedAs))));
    }
    return lines.stream().map(TextTable::visible).toList();
  }
}
