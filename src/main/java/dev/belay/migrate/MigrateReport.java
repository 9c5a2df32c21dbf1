package dev.belay.migrate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.monitor.MonitorSummary;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code migrate}.
 *
 * @param applied what was applied, in that order; after {@code --dry-run}, what would be
 * @param fromVersion the version before; null: none
 * @param toVersion the version now; null: none
 * @param backup the id of the backup that was made before; null: none
 * @param exports files of what was lost
 * @param undosStored undo scripts that are in the ledger since
 * @param lockTries how often a migration was begun again because a lock was not given
 * @param longestWaitMillis how long another session waited for the migration at most
 * @param monitor what was seen of machine and database; null: nobody looked
 * @param watched what was seen afterwards; null: nobody looked
 * @param phases with their times
 * @param problems what is not as it should be now
 * @param notes what was so before, or could not be looked at
 * @param wayBack the command that takes it back; null: nothing was applied, or there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MigrateReport(
    String database,
    String app,
    boolean dryRun,
    List<Line> applied,
    @Nullable String fromVersion,
    @Nullable String toVersion,
    @Nullable String backup,
    List<String> exports,
    int undosStored,
    int lockTries,
    long longestWaitMillis,
    @Nullable MonitorSummary monitor,
    WatchWindow.@Nullable Seen watched,
    List<Phases.Timed> phases,
    @ToPaste List<String> problems,
    @ToPaste List<String> notes,
    @ToPaste @Nullable String wayBack)
    implements Report {

  /**
   * A migration.
   *
   * @param risk how risky it was, as the replay showed
   * @param millis how long it ran; 0 when it did not
   */
  record Line(String migration, String risk, long millis) {}

  /** Nothing was pending. */
  static MigrateReport nothing(String database, String app, @Nullable String version) {
    return new MigrateReport(
        database, app, false, List.of(), version, version, null, List.of(), 0, 0, 0, null, null,
        List.of(), List.of(), List.of(), null);
  }

  @Override
  public ExitCode exitCode() {
    return problems.isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
  }

  @Override
  public boolean databaseChanged() {
    return !dryRun && !applied.isEmpty();
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (dryRun) {
      lines.add("Nothing was changed in %s; the plan is above".formatted(database));
      return lines;
    }
    if (applied.isEmpty()) {
      lines.add(
          "Nothing to do: no migration of app %s is pending in %s%s"
              .formatted(app, database, toVersion == null ? "" : ", which is at " + toVersion));
      return lines;
    }
    lines.add(
        "Applied to %s, app %s: %s"
            .formatted(database, app, Units.count(applied.size(), "migration", "migrations")));
    for (Line line : applied) {
      lines.add(
          "  %s  in %s, risk %s"
              .formatted(
                  line.migration(), Units.duration(Duration.ofMillis(line.millis())), line.risk()));
    }
    lines.add(
        "  version    %s -> %s"
            .formatted(
                fromVersion == null ? "none" : fromVersion,
                toVersion == null ? "none" : toVersion));
    lines.add("  backup     " + (backup == null ? "none" : backup));
    exports.forEach(file -> lines.add("  export     " + file));
    if (undosStored > 0) {
      lines.add(
          "  ledger     " + Units.count(undosStored, "undo script", "undo scripts") + " stored");
    }
    if (lockTries > 0) {
      lines.add(
          "  locks      %s again, since a lock was not given"
              .formatted(Units.count(lockTries, "time tried", "times tried")));
    }
    if (longestWaitMillis > 0) {
      lines.add(
          "  others     waited for it %s at most"
              .formatted(Units.duration(Duration.ofMillis(longestWaitMillis))));
    }
    if (watched != null) {
      lines.add(watchedLine(watched));
    }
    if (monitor != null) {
      lines.add(monitorLine(monitor));
    }
    lines.add("  took       " + times());
    problems.forEach(problem -> lines.add("  LOOK       " + problem));
    notes.forEach(note -> lines.add("  note       " + note));
    lines.add("  way back   " + (wayBack == null ? "none" : wayBack));
    return lines.stream().map(TextTable::visible).toList();
  }

  private static String watchedLine(WatchWindow.Seen seen) {
    return "  watched    %s; slowest answer %s%s%s"
        .formatted(
            Units.duration(Duration.ofMillis(seen.millis())),
            Units.duration(Duration.ofMillis(seen.slowestMillis())),
            seen.errorRate()
                .map(rate -> String.format(Locale.ROOT, "; %.1f %% failed", rate * 100))
                .orElse(""),
            seen.mostWaiting() == 0
                ? ""
                : "; %s for a lock"
                    .formatted(
                        Units.count(seen.mostWaiting(), "session waited", "sessions waited")));
  }

  private static String monitorLine(MonitorSummary seen) {
    List<String> parts = new ArrayList<>();
    if (seen.avgCpuUsage() != null && seen.maxCpuUsage() != null) {
      parts.add(
          String.format(
              Locale.ROOT, "CPU %.0f %% (peak %.0f %%)", seen.avgCpuUsage(), seen.maxCpuUsage()));
    }
    if (seen.maxMemoryUsage() != null) {
      parts.add(String.format(Locale.ROOT, "memory peak %.0f %%", seen.maxMemoryUsage()));
    }
    if (seen.peakDbConnections() != null) {
      parts.add("connections peak " + seen.peakDbConnections());
    }
    if (seen.file() != null) {
      parts.add(seen.file());
    }
    return "  monitor    " + (parts.isEmpty() ? "nothing was seen" : String.join(", ", parts));
  }

  private String times() {
    List<String> times = new ArrayList<>();
    long all = 0;
    for (Phases.Timed phase : phases) {
      all += phase.millis();
      times.add(phase.phase() + " " + Units.duration(Duration.ofMillis(phase.millis())));
    }
    return "%s: %s".formatted(Units.duration(Duration.ofMillis(all)), String.join(", ", times));
  }
}
