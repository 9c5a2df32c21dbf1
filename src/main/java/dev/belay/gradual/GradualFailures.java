package dev.belay.gradual;

import dev.belay.batch.BatchProgress;
import dev.belay.batch.BatchRuns;
import dev.belay.batch.BatchState;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;

/** What is said, and written into the ledger, of a run that stops before it is done. */
final class GradualFailures {
  private final GuardedRun run;
  private final GradualPlan plan;
  private final String command;
  private final long id;

  /**
   * @param command the command line that goes on with it
   * @param id of the run, in the ledger
   */
  GradualFailures(GuardedRun run, GradualPlan plan, String command, long id) {
    this.run = run;
    this.plan = plan;
    this.command = command;
    this.id = id;
  }

  /** What broke after the switch was committed. */
  static Failure notLookedAt(Failure broken, String command) {
    return Failure.incomplete(
            "the schema is switched, and then: " + broken.message(),
            "all is taken back and recorded; whether all is well was not looked at to the end",
            "look again with: " + command)
        .causedBy(broken);
  }

  /** Somebody ended it from outside. */
  Failure aborted() {
    note(BatchState.ABORTED, "ended by belay batch abort");
    return Failure.incomplete(
        "run %d was ended by belay batch abort".formatted(id), howFar(), ways());
  }

  /** It broke before the switch was committed. */
  Failure halfDone(Failure broken) {
    if (broken.exitCode() == ExitCode.INCOMPLETE && !SqlState.lostConnection(broken)) {
      return broken;
    }
    note(BatchState.FAILED, broken.message());
    return Failure.incomplete(broken.message(), howFar(), hint(broken)).causedBy(broken);
  }

  /** Best effort: where the server is gone, the next run finds the checkpoint all the same. */
  private void note(BatchState now, String reason) {
    try (Database fresh = run.databases().open(run.target())) {
      BatchRuns.broken(fresh, id, now, reason);
    } catch (Failure unreachable) {
      run.progress().detail("the ledger could not be written: " + unreachable.message());
    }
  }

  private String howFar() {
    try (Database fresh = run.databases().open(run.target())) {
      return words(BatchRuns.progress(fresh, id));
    } catch (Failure unreachable) {
      return "some batches are done, the schema is as before; the ledger knows how many";
    }
  }

  private String words(List<BatchProgress> progress) {
    long batches = progress.stream().mapToLong(BatchProgress::batchesDone).sum();
    long rows = progress.stream().mapToLong(BatchProgress::rowsDone).sum();
    List<String> added = new ArrayList<>();
    if (!plan.preparing().isEmpty()) {
      added.add("what was added for it");
    }
    if (!plan.syncs().isEmpty()) {
      added.add("the triggers that keep columns equal");
    }
    return "%s, %s are done; the schema is as before%s"
        .formatted(
            Units.count(batches, "batch", "batches"),
            Units.count(rows, "row", "rows"),
            added.isEmpty() ? "" : ", but for " + String.join(" and ", added));
  }

  private String hint(Failure broken) {
    boolean own = broken.hint().isEmpty() || broken.hint().contains("belay.log");
    return (own ? "" : broken.hint() + "; ") + ways();
  }

  private String ways() {
    return "go on with: %s; or give it up with: belay batch abort --discard %d"
        .formatted(command, id);
  }
}
