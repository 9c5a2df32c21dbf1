package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.FlywayEngine.Callbacks;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptFault;
import java.util.List;
import java.util.Optional;

/**
 * Applies migrations one at a time with the real Flyway in a scratch database that has the data,
 * and the history, of a live one. Not for use by several threads at once.
 */
public final class DataSteps {
  private final ReplaySession session;
  private final StatementClock clock;

  DataSteps(ReplayGround ground, Target copy, ReplayPlan plan) {
    this.clock = new StatementClock(copy, plan.app().placeholders());
    this.session = ReplaySession.withData(ground, copy, plan, clock);
    session.setup().settings();
  }

  /**
   * Applies one; callbacks that belong before it are run.
   *
   * @throws Failure when something else fails than the migration, such as the server; REFUSED when
   *     it reaches beyond its database
   */
  public StepOnData apply(MigrationScript script) {
    RecordedMigration recorded = null;
    Failure failure = null;
    try {
      List<RecordedMigration> done = session.apply(List.of(script), Callbacks.BEFORE);
      recorded = done.isEmpty() ? null : done.get(0);
    } catch (Failure broken) {
      failure = blamed(broken);
    }
    return new StepOnData(
        recorded,
        failure,
        clock.statements(),
        clock.held(),
        clock.written(),
        clock.inTransaction() && (recorded == null || recorded.inTransaction()),
        clock.took());
  }

  /**
   * Runs the callbacks that belong after a migrate; empty when none fails.
   *
   * @throws Failure as {@link #apply}
   */
  public Optional<Failure> finish() {
    try {
      session.apply(List.of(), Callbacks.ALL);
      return Optional.empty();
    } catch (Failure failure) {
      return Optional.of(blamed(failure));
    }
  }

  private static Failure blamed(Failure failure) {
    if (ScriptFault.in(failure).isEmpty()) {
      throw failure;
    }
    return failure;
  }
}
