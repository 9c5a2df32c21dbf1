package dev.belay.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was compared, what was brought back, and what was not.
 *
 * @param target {@code database@host:port}
 * @param backup the backup's id
 * @param takenAt the moment that the backup shows
 * @param dryRun whether the command stopped after the plan
 * @param passes one for each source, in the order in which they were merged
 * @param missingTables tables that the target lacks
 * @param remaining what is not reconciled, in words; empty: nothing
 * @param checks of the database at the end; empty after a dry run
 * @param timeline the steps in their order
 * @param onward what can be done next
 * @param notes what a person should know of the run
 * @param json where this report is as JSON; null when nothing was written
 * @param page where it is as a page for a browser
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReconcileReport(
    String target,
    String backup,
    Instant takenAt,
    boolean dryRun,
    Instant startedAt,
    long durationMillis,
    List<Pass> passes,
    List<MissingTable> missingTables,
    List<String> remaining,
    List<Checked> checks,
    List<Phase> timeline,
    List<Onward> onward,
    @ToPaste List<String> notes,
    @Nullable String json,
    @Nullable String page)
    implements Report {
  public ReconcileReport {
    passes = List.copyOf(passes);
    missingTables = List.copyOf(missingTables);
    remaining = List.copyOf(remaining);
    checks = List.copyOf(checks);
    timeline = List.copyOf(timeline);
    onward = List.copyOf(onward);
    notes = List.copyOf(notes);
  }

  /** Whether nothing is left to reconcile. */
  public boolean reconciled() {
    return remaining.isEmpty();
  }

  /** What remains was in the plan; FINDINGS would say that nothing was written. */
  @Override
  public ExitCode exitCode() {
    if (dryRun || reconciled()) {
      return ExitCode.OK;
    }
    if (!databaseChanged()) {
      return ExitCode.FINDINGS;
    }
    return unplanned() ? ExitCode.INCOMPLETE : ExitCode.OK;
  }

  /** Rows that were to be written and were not, or data in which the last checks found faults. */
  private boolean unplanned() {
    return checks.stream().anyMatch(check -> check.problems() > 0)
        || passes.stream().map(Pass::done).anyMatch(done -> done != null && done.skipped() > 0);
  }

  @Override
  public boolean databaseChanged() {
    return passes.stream()
        .map(Pass::done)
        .anyMatch(done -> done != null && (done.added() + done.changed() + done.removed() > 0));
  }

  /** The same with the places where it was written. */
  ReconcileReport writtenTo(String jsonFile, String pageFile) {
    return new ReconcileReport(
        target,
        backup,
        takenAt,
        dryRun,
        startedAt,
        durationMillis,
        passes,
        missingTables,
        remaining,
        checks,
        timeline,
        onward,
        notes,
        jsonFile,
        pageFile);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    for (Pass pass : passes) {
      lines.addAll(PassLines.of(pass));
    }
    missingTables.forEach(
        missing -> lines.add("table %s is missing".formatted(missing.table().plain())));
    checks.stream()
        .filter(check -> check.problems() > 0)
        .forEach(
            check ->
                lines.add(
                    "check %s: %s"
                        .formatted(
                            check.check(), Units.count(check.problems(), "problem", "problems"))));
    remaining.forEach(left -> lines.add("remains: " + left));
    lines.addAll(notes);
    if (page != null) {
      lines.add("report: " + page);
    }
    onward.forEach(next -> lines.add(next.what() + ": " + next.command()));
    return lines.stream().map(dev.belay.report.TextTable::visible).toList();
  }

  /** The verdict in one line. */
  String headline() {
    String took = Units.duration(Duration.ofMillis(durationMillis));
    if (dryRun) {
      return "%s was compared in %s, and nothing was done: --dry-run".formatted(target, took);
    }
    return reconciled()
        ? "%s is reconciled (%s)".formatted(target, took)
        : "%s is not wholly reconciled: %s (%s)"
            .formatted(
                target, Units.count(remaining.size(), "thing remains", "things remain"), took);
  }
}
