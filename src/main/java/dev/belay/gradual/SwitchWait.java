package dev.belay.gradual;

import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.batch.BatchState;
import dev.belay.core.Failure;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.Optional;

/** Lets a run wait before the schema is switched, for as long as somebody wants it to. */
final class SwitchWait {
  private final GuardedRun run;
  private final OperationLock lock;
  private final GradualPlan plan;
  private final String command;
  private final long id;

  /**
   * @param lock must be held all the time
   * @param command the command line that goes on with the run
   * @param id of the run, in the ledger
   */
  SwitchWait(GuardedRun run, OperationLock lock, GradualPlan plan, String command, long id) {
    this.run = run;
    this.lock = lock;
    this.plan = plan;
    this.command = command;
    this.id = id;
  }

  /**
   * Waits while somebody wants it to.
   *
   * @param pause whether to begin to wait, if nobody does yet
   * @return whether it had to wait
   * @throws Failure INCOMPLETE when it was ended instead; as the operation lock's
   */
  boolean await(Database session, boolean pause) {
    BatchRun now = BatchRuns.one(session, id);
    if (pause && now.state() == BatchState.RUNNING) {
      BatchRuns.change(
          session, now, BatchState.PAUSED, Optional.of("before the switch of the schema"));
      now = BatchRuns.one(session, id);
    }
    if (now.state() == BatchState.PAUSED) {
      run.progress()
          .warn(
              "waiting before the schema is switched: %sgo on with: %s"
                  .formatted(
                      plan.syncs().isEmpty()
                          ? ""
                          : "both columns are kept equal; when only the old application is left, ",
                      run.progress().toPaste("belay batch resume " + id)));
    }
    boolean waited = now.state() == BatchState.PAUSED;
    while (now.state() == BatchState.PAUSED) {
      lock.check();
      try {
        Thread.sleep(200);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw Failure.failed("interrupted", command);
      }
      now = BatchRuns.one(session, id);
    }
    if (now.state() != BatchState.RUNNING) {
      throw new GradualFailures(run, plan, command, id).aborted();
    }
    return waited;
  }
}
