package dev.belay.restore;

import dev.belay.cli.Plan;
import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.util.List;

/** The answer of {@code --dry-run}: what would be done, and what would be lost. */
public record PlanReport(
    String title, List<String> steps, @ToPaste List<String> notes, @ToPaste List<String> losses)
    implements Report {
  static PlanReport of(Plan plan) {
    return new PlanReport(plan.title(), plan.steps(), plan.notes(), plan.losses());
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return List.of("nothing was done: --dry-run");
  }
}
