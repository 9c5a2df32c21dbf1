package dev.belay.gradual;

import dev.belay.backup.SafetyBackup;
import dev.belay.batch.BatchKept;
import dev.belay.journal.OperationLock;
import dev.belay.rollback.LossExport;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept before anything is changed: a backup, and an export of what is destroyed. */
final class GradualSaving {
  private final GuardedRun run;
  private final GradualPlan plan;
  private final GradualRequest request;
  private final Map<String, String> environment;
  private final String version;
  private Optional<String> backup = Optional.empty();
  private final List<String> exports = new ArrayList<>();

  GradualSaving(
      GuardedRun run,
      GradualPlan plan,
      GradualRequest request,
      Map<String, String> environment,
      String version) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.environment = environment;
    this.version = version;
  }

  /** What an earlier run of the program kept counts as kept. */
  void takeUp(BatchKept kept) {
    backup = kept.backup();
    exports.addAll(kept.exports());
  }

  /** Makes the backup, and exports what is destroyed, as far as both were asked for. */
  void save(OperationLock lock) {
    if (request.backup()) {
      run.progress().step("making a backup first");
      backup =
          Optional.of(
              new SafetyBackup(run, environment, version)
                  .make(
                      lock,
                      request.jobs(),
                      "before gradual-rollback " + request.undo().migration()));
    }
    export(plan.losses());
  }

  /**
   * Exports once more, shortly before the switch, what goes only then: it was written on since.
   *
   * @param counted the plan, with what is lost as it is now
   */
  void saveAgain(GradualPlan counted) {
    export(counted.losses().stream().filter(loss -> loss.kind() != UndoLoss.Kind.REMOVED).toList());
  }

  private void export(List<UndoLoss> losses) {
    if (!request.export() || losses.isEmpty()) {
      return;
    }
    run.progress().step("exporting what is lost");
    exports.add(
        new LossExport(run, plan.undo().app(), request.jobs(), version)
            .write(losses, Optional.empty())
            .toString());
  }

  Optional<String> backup() {
    return backup;
  }

  List<String> exports() {
    return List.copyOf(exports);
  }
}
