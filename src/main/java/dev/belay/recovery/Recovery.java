package dev.belay.recovery;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Map;

/** Goes back after a migration failed, as the policy says and no further than is proven. */
public final class Recovery {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   */
  public Recovery(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Looks what the migration left, and goes back. A failure of what it tries is in the answer.
   *
   * @param held the operation lock of the target
   * @param journal of the run, which the caller ends, or leaves open when something is left
   * @throws Failure INCOMPLETE when the database cannot even be looked at
   */
  public Recovered after(FailedMigration failed, OperationLock held, Journal journal) {
    run.progress().step("looking at what %s left".formatted(failed.what()));
    try {
      journal.step("recovery", Map.of("policy", failed.policy().word()));
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message());
    }
    FailPoint.reached("recovery-begun");
    try (LateSessions late = LateSessions.begin(run)) {
      return new Attempt(this, run, environment, version, failed, held, journal, late).go();
    }
  }

  /**
   * Sets sequences back that are behind where they were: no rollback does that.
   *
   * @return what was set back, in words
   * @throws Failure when one cannot be, or a large object is gone
   */
  public List<String> sequencesBack(Before before) {
    try (Database session = run.databases().open(run.target())) {
      List<String> lost = before.beyond().lost(session);
      if (lost.isEmpty()) {
        return lost;
      }
      before.beyond().putBack(session);
      List<String> still = before.beyond().lost(session);
      if (!still.isEmpty()) {
        throw Failure.incomplete(
            "not everything beside the tables is as before",
            String.join("; ", still),
            "see the state with: belay verify-state");
      }
      return lost.stream().map(each -> "was set back: " + each).toList();
    }
  }
}
