package dev.belay.guard;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.monitor.MonitorSummary;
import dev.belay.recovery.Recovered;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code guard}.
 *
 * @param name what people call it; null: it has no name
 * @param guarded the command, without secrets
 * @param commandStatus its exit status, 128+n when signal n ended it; null: it was not run
 * @param ending how it ended, in words
 * @param commandMillis how long it ran
 * @param backup the id of the backup that was made before; null: none
 * @param applied migrations that Flyway's tables have now and had not before
 * @param changed in what the schema differs from before; only told when the command succeeded
 * @param storedUndos undo scripts that were stored in the ledger
 * @param problems what is not as it should be now
 * @param notes what else there is to be known
 * @param recovery what was done after it failed; null: it succeeded
 * @param monitor what was seen meanwhile; null: nobody looked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GuardReport(
    String database,
    boolean dryRun,
    @Nullable String name,
    String guarded,
    @Nullable Integer commandStatus,
    String ending,
    long commandMillis,
    @Nullable String backup,
    List<String> applied,
    List<String> changed,
    List<String> storedUndos,
    @ToPaste List<String> problems,
    @ToPaste List<String> notes,
    @Nullable Recovered recovery,
    @Nullable MonitorSummary monitor)
    implements Report {
  private static final int SHOWN = 20;

  GuardReport {
    applied = List.copyOf(applied);
    changed = List.copyOf(changed);
    storedUndos = List.copyOf(storedUndos);
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** The plan was shown, and nothing done. */
  static GuardReport planned(String database, @Nullable String name, String guarded) {
    return new GuardReport(
        database,
        true,
        name,
        guarded,
        null,
        "was not run",
        0,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null);
  }

  @Override
  public ExitCode exitCode() {
    if (recovery != null) {
      return recovery.exitCode();
    }
    return problems.isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
  }

  @Override
  public boolean databaseChanged() {
    if (dryRun) {
      return false;
    }
    // What a command that succeeded did to rows is not looked at.
    return recovery == null || recovery.done() != Recovered.Done.NOTHING_NEEDED;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (dryRun) {
      lines.add("Nothing was run or changed in %s; the plan is above".formatted(database));
      return lines;
    }
    if (recovery != null) {
      lines.add("error: %s %s".formatted(guarded, ending));
      lines.add("state: " + recovery.state());
      recovery.ways().stream()
          .findFirst()
          .ifPresent(way -> lines.add("hint: %s (%s)".formatted(way.command(), way.cost())));
      lines.add("");
      lines.addAll(recovery.lines());
    } else {
      lines.add("%s, guarded on %s, %s".formatted(guarded, database, ending));
    }
    if (backup != null) {
      lines.add("  backup     " + backup);
    }
    applied.forEach(each -> lines.add("  applied    " + each));
    changed.stream().limit(SHOWN).forEach(each -> lines.add("  changed    " + each));
    if (changed.size() > SHOWN) {
      lines.add("  changed    and %s more".formatted(Units.count(changed.size() - SHOWN)));
    }
    storedUndos.forEach(each -> lines.add("  stored     undo of " + each));
    if (monitor != null) {
      lines.add("  watched    " + watched(monitor));
    }
    notes.forEach(each -> lines.add("  note       " + each));
    problems.forEach(each -> lines.add("  PROBLEM    " + each));
    if (!problems.isEmpty()) {
      lines.add("");
      lines.add(
          backup == null
              ? "look at the problems; no backup was made by this run: "
                  + toPaste.apply("belay list-backups")
              : "when the state before is wanted: "
                  + toPaste.apply("belay backup-restore %s --expect-writes".formatted(backup)));
    }
    return lines.stream().map(TextTable::visible).toList();
  }

  private static String watched(MonitorSummary seen) {
    List<String> parts = new ArrayList<>();
    parts.add("for " + Units.duration(Duration.ofMillis((long) (seen.durationSeconds() * 1000))));
    if (seen.maxCpuUsage() != null) {
      parts.add("CPU at most %.0f %%".formatted(seen.maxCpuUsage()));
    }
    if (seen.peakDbConnections() != null) {
      parts.add("at most %d connections".formatted(seen.peakDbConnections()));
    }
    if (seen.peakWaiting() != null) {
      parts.add("%d waiting for a lock".formatted(seen.peakWaiting()));
    }
    if (seen.file() != null) {
      parts.add("samples in " + seen.file());
    }
    return String.join(", ", parts);
  }
}
