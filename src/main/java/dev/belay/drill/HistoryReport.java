package dev.belay.drill;

import dev.belay.archive.DrillRecord;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The drills of a database.
 *
 * @param drills the oldest first
 * @param trend empty where there are too few
 */
public record HistoryReport(String database, List<DrillRecord> drills, Optional<Trend> trend)
    implements Report {
  private static final int SHOWN = 30;

  public HistoryReport {
    drills = List.copyOf(drills);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (drills.isEmpty()) {
      return List.of(
          "No drill of " + TextTable.visible(database) + " yet: " + toPaste.apply("belay drill"));
    }
    TextTable table =
        new TextTable("at", "proven", "size", "recovery", "s/GB", "migrations", "undo", "backup");
    for (DrillRecord drill : drills.subList(Math.max(0, drills.size() - SHOWN), drills.size())) {
      table.row(
          Units.moment(drill.at()),
          drill.proven()
              ? "yes"
              : drill.findings() == 0 ? "incomplete" : "NO (" + drill.findings() + ")",
          drill.bytes() == 0 ? "-" : Units.bytes(drill.bytes()),
          drill.bytes() == 0 ? "-" : took(drill.recoveryMillis()),
          drill.bytes() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", drill.secondsPerGigabyte()),
          took(drill.upMillis()),
          took(drill.undoMillis()),
          drill.backup().orElse("none"));
    }
    lines.addAll(table.lines());
    lines.add("");
    lines.add(
        trend
            .map(found -> "Trend: " + found.words())
            .orElse("Trend: not known before four drills that restored something"));
    return lines;
  }

  private static String took(long millis) {
    return Units.duration(Duration.ofMillis(millis));
  }
}
