package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.FlywayEngine.Callbacks;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptFault;
import dev.belay.postgres.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies the pending migrations of a plan one at a time, so that what is between two of them can
 * be looked at, and undo scripts can be tried there. Not for use by several threads at once.
 */
public final class ReplaySteps implements AutoCloseable {
  private final ReplayGround ground;
  private final Replays replays;
  private final ReplayPlan plan;
  private final Recording earlier;
  private final ScratchDatabase scratch;
  private final ReplaySession session;

  ReplaySteps(ReplayGround ground, Replays replays, ReplayPlan plan) {
    this.ground = ground;
    this.replays = replays;
    this.plan = plan;
    try (Replayed before = applied()) {
      this.earlier = before.recording();
      this.scratch = replays.copy(before, plan);
    }
    try {
      this.session = new ReplaySession(ground, scratch.target(), plan, plan.applied());
      session.forget(plan.outdated());
    } catch (Throwable broken) {
      scratch.close();
      throw broken;
    }
  }

  /** A callback that belongs after all may need what is still pending. */
  private Replayed applied() {
    try {
      return replays.applied(plan);
    } catch (Failure failure) {
      if (ScriptFault.in(failure).isEmpty()) {
        throw failure;
      }
      return replays.applied(plan, Callbacks.BEFORE);
    }
  }

  /** What the migrations did that were applied to the live database. */
  public Recording earlier() {
    return earlier;
  }

  /** A session with the database as it is after the last step, to read. The caller closes it. */
  public Database open() {
    return ground.databases().open(scratch.target());
  }

  /** What there is after the last step. */
  public SchemaShape shape() {
    try (Database now = open()) {
      return ShapeQueries.read(now);
    }
  }

  /**
   * Applies the next migration; callbacks that belong before it are run.
   *
   * @throws Failure as {@link ScratchReplay#recording}, but not when the migration itself fails
   */
  public ReplayStep apply(MigrationScript script) {
    return run(session, script, Callbacks.BEFORE);
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

  /**
   * Runs an undo script with Flyway on a copy of what is there now. The history of the copy is
   * empty, so that the script is to Flyway a migration like any other. No callbacks are run.
   *
   * @throws Failure as {@link #apply}
   */
  public UndoneStep undo(MigrationScript script) {
    ScratchDatabase copy = replays.copy(scratch.target(), plan);
    try {
      AppSettings app = undoing(script);
      try (Database there = ground.databases().open(copy.target())) {
        there.execute("delete from " + new TableName(app.historySchema(), app.historyTable()));
      }
      ReplayPlan alone =
          new ReplayPlan(
              app, List.of(), List.of(script), List.of(), List.of(), List.of(), List.of());
      ReplaySession undo = new ReplaySession(ground, copy.target(), alone, List.of());
      return new UndoneStep(ground.databases(), copy, run(undo, script, Callbacks.NONE));
    } catch (Throwable broken) {
      copy.close();
      throw broken;
    }
  }

  /**
   * Runs several undo scripts, one after the other, on a copy of what is there now. The caller
   * closes it.
   *
   * @throws Failure as {@link #apply}
   */
  public UndoneChain undo(List<UndoText> scripts) {
    return UndoneChain.run(ground, replays.copy(scratch.target(), plan), plan, scripts);
  }

  /** The app with its undo scripts in place of its migrations. */
  private AppSettings undoing(MigrationScript script) {
    AppSettings app = plan.app();
    Map<String, String> flyway = new HashMap<>(app.flyway());
    flyway.put("sqlMigrationPrefix", app.flyway().getOrDefault("undoSqlMigrationPrefix", "U"));
    String location = script.location().strip();
    return new AppSettings(
        app.name(),
        app.schemas(),
        app.tables(),
        List.of(location.indexOf(':') < 0 ? "filesystem:" + location : location),
        List.of(),
        app.historySchema(),
        app.historyTable(),
        app.placeholders(),
        flyway);
  }

  private static ReplayStep run(
      ReplaySession session, MigrationScript script, Callbacks callbacks) {
    try {
      List<RecordedMigration> done = session.apply(List.of(script), callbacks);
      return new ReplayStep(done.isEmpty() ? null : done.get(0), null, session.statements());
    } catch (Failure failure) {
      return new ReplayStep(null, blamed(failure), session.statements());
    }
  }

  private static Failure blamed(Failure failure) {
    if (ScriptFault.in(failure).isEmpty()) {
      throw failure;
    }
    return failure;
  }

  /** Drops the database. */
  @Override
  public void close() {
    scratch.close();
  }
}
