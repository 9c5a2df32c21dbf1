package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code emergency-recovery}.
 *
 * @param database as {@code database@host:port}
 * @param steps the six, in their order
 * @param recovered what killed runs had left and was put right before the first step
 * @param liveReopened whether the live database itself was changed by that
 * @param fixes what was fixed, and what was left; without consent what could be
 * @param ways the ways on, each with what it costs
 * @param unknown what could not be worked out about them
 * @param advice what Belay would do
 * @param fromDisk what is known without the server
 * @param backup the id of the emergency backup; null: there is none
 * @param refused why the fixes were not carried out, though some were possible
 * @param unreachable why the database cannot be reached
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "database",
  "steps",
  "recovered",
  "fixes",
  "ways",
  "unknown",
  "advice",
  "backup",
  "fromDisk"
})
public record EmergencyReport(
    String database,
    boolean dryRun,
    List<EmergencyStep> steps,
    List<String> recovered,
    @JsonIgnore boolean liveReopened,
    List<FixResult> fixes,
    List<WayOn> ways,
    List<String> unknown,
    Advice advice,
    @Nullable String backup,
    FromDisk fromDisk,
    @JsonIgnore Optional<Failure> refused,
    @JsonIgnore Optional<Failure> unreachable)
    implements Report {
  public EmergencyReport {
    steps = List.copyOf(steps);
    recovered = List.copyOf(recovered);
    fixes = List.copyOf(fixes);
    ways = List.copyOf(ways);
    unknown = List.copyOf(unknown);
  }

  @Override
  public boolean databaseChanged() {
    return liveReopened || fixes.stream().anyMatch(fix -> fix.outcome() != FixOutcome.LEFT);
  }

  /**
   * What is left decides, and whether something was changed: from 2 to 19 the database is as it
   * was.
   */
  @Override
  public ExitCode exitCode() {
    boolean found = has(StepStatus.FOUND) || !isFixed();
    boolean notDone = has(StepStatus.NOT_DONE);
    if (databaseChanged()) {
      return found || notDone || refused.isPresent() ? ExitCode.INCOMPLETE : ExitCode.OK;
    }
    if (refused.isPresent()) {
      return ExitCode.REFUSED;
    }
    if (found) {
      return ExitCode.FINDINGS;
    }
    return notDone ? ExitCode.UNAVAILABLE : ExitCode.OK;
  }

  private boolean isFixed() {
    return fixes.stream().allMatch(fix -> fix.outcome() == FixOutcome.FIXED || fix.hint() == null);
  }

  /** What the first look found may be fixed by now: the last look counts. */
  private boolean has(StepStatus status) {
    boolean looked = !steps.isEmpty() && steps.get(steps.size() - 1).status() != StepStatus.SKIPPED;
    return steps.stream()
        .filter(step -> !(looked && (step.name().equals("state") || step.name().equals("schema"))))
        // What the fixes left is among them; that they could not be looked for is nowhere else.
        .filter(step -> status == StepStatus.NOT_DONE || !step.name().equals("fixes"))
        .anyMatch(step -> step.status() == status);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Emergency recovery of " + database + (dryRun ? " (only looked at)" : ""));
    lines.add("");
    recovered.forEach(each -> lines.add("put right first: " + each));
    int width = steps.stream().mapToInt(step -> step.name().length()).max().orElse(0);
    steps.forEach(step -> lines.addAll(step.lines(width)));
    lines.add("");
    if (unreachable.isPresent() || !fromDisk.unfinished().isEmpty()) {
      lines.addAll(fromDisk.lines());
      lines.add("");
    }
    if (backup != null) {
      lines.add(
          "The emergency backup %s is the database as it was found, with what is wrong in it:"
              .formatted(backup));
      lines.add("'latest' passes over it; to restore it, name it.");
      lines.add("");
    }
    lines.add(ways.isEmpty() ? "No way on is known." : "Ways on:");
    ways.forEach(way -> lines.addAll(way.lines()));
    unknown.forEach(each -> lines.add("not known: " + each));
    lines.add("");
    lines.add("Advice: " + advice.text());
    lines.add("  " + advice.command());
    return lines.stream().map(TextTable::visible).toList();
  }
}
