package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.FlywayEngine.Callbacks;
import dev.belay.flyway.FlywayEngine.Selection;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptFault;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.callback.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Applies migrations in one scratch database with the real Flyway, and records what they do. Not
 * for use by several threads at once.
 */
final class ReplaySession {
  private final ReplayGround ground;
  private final Target target;
  private final AppSettings app;
  private final FlywayEngine engine;
  private final ReplaySetup setup;
  private final Set<String> selected = new HashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final long begunNanos = System.nanoTime();
  private final Recorder recorder;
  private final List<Callback> callbacks;
  private @Nullable ReplayWatch watching;

  /**
   * @param target a scratch database: empty, or the copy of one in which migrations were applied
   * @param there the scripts that were applied in what it is a copy of
   */
  ReplaySession(ReplayGround ground, Target target, ReplayPlan plan, List<MigrationScript> there) {
    this(ground, target, plan, there, List.of(), true);
  }

  /** One in the copy of a live database, in which others may work meanwhile. */
  static ReplaySession withData(
      ReplayGround ground, Target target, ReplayPlan plan, Callback further) {
    return new ReplaySession(ground, target, plan, plan.applied(), List.of(further), false);
  }

  private ReplaySession(
      ReplayGround ground,
      Target target,
      ReplayPlan plan,
      List<MigrationScript> there,
      List<Callback> further,
      boolean alone) {
    this.ground = ground;
    this.target = target;
    this.app = plan.app();
    this.engine =
        new FlywayEngine(
            app,
            target,
            RunSessions.name(ground.run(), "flyway"),
            plan.createdSchemas(),
            ground.classes());
    this.recorder =
        new Recorder(
            ground.databases(),
            target,
            ground.guarded(),
            new TableName(app.historySchema(), app.historyTable()),
            this::begins,
            alone);
    this.callbacks = new ArrayList<>(further);
    callbacks.add(recorder);
    this.setup = new ReplaySetup(ground, target, plan, engine, notes::add);
    there.forEach(script -> selected.add(script.script()));
  }

  private void begins(String script) {
    ground.progress().detail("replaying " + script);
    if (watching != null) {
      watching.begins(script);
    }
  }

  /** What is made beside the migrations. */
  ReplaySetup setup() {
    return setup;
  }

  /** What could not be made as it is in the live database. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** What was applied so far, in this order. */
  List<RecordedMigration> recorded() {
    return recorder.recorded();
  }

  /** The script that failed last. */
  Optional<String> failed() {
    return recorder.failed();
  }

  /** The scripts that wrote Flyway's own table, or defined it otherwise. */
  Set<String> wroteHistory() {
    return recorder.wroteHistory();
  }

  /** How many statements of SQL the last migration ran. */
  int statements() {
    return recorder.statements();
  }

  /** Makes Flyway run repeatable migrations again. */
  void forget(List<String> descriptions) {
    TableName history = new TableName(app.historySchema(), app.historyTable());
    try (Database session = ground.databases().open(target)) {
      descriptions.forEach(description -> ReplayQueries.forget(session, history, description));
    }
  }

  /**
   * Applies further migrations.
   *
   * @param scripts those to apply
   * @param last whether callbacks that belong after a migrate are run
   * @return what each did, in the order in which Flyway applied them
   * @throws Failure FAILED when one fails or takes too long, REFUSED when one reaches beyond the
   *     database
   */
  List<RecordedMigration> apply(List<MigrationScript> scripts, boolean last) {
    return apply(scripts, last ? Callbacks.ALL : Callbacks.BEFORE);
  }

  /** The same, with the callbacks that are to be run. */
  List<RecordedMigration> apply(List<MigrationScript> scripts, Callbacks callbacks) {
    int before = recorder.recorded().size();
    migrate(scripts, callbacks);
    List<RecordedMigration> all = recorder.recorded();
    return all.subList(before, all.size());
  }

  /**
   * Applies those of further migrations that can be applied; one that fails is left out.
   *
   * @param failed is given why each failed, by its script
   * @throws Failure when something else fails than a migration, such as the server, or when it
   *     takes too long: that says nothing of what a migration needs
   */
  List<RecordedMigration> applyPossible(List<MigrationScript> scripts, Map<String, String> failed) {
    int before = recorder.recorded().size();
    for (boolean again = true; again; ) {
      try {
        migrate(scripts, Callbacks.BEFORE);
        again = false;
      } catch (Failure failure) {
        String script = recorder.failed().orElse("");
        boolean itsOwn =
            ScriptFault.in(failure).isPresent() || failure.exitCode() == ExitCode.REFUSED;
        if (!itsOwn || failed.containsKey(script) || !selected.remove(script)) {
          throw failure;
        }
        failed.put(script, failure.message());
        forgetFailed();
        scripts = scripts.stream().filter(each -> !each.script().equals(script)).toList();
      }
    }
    List<RecordedMigration> all = recorder.recorded();
    return all.subList(before, all.size());
  }

  /** One that ran outside a transaction left a row, with which Flyway goes no further. */
  private void forgetFailed() {
    TableName history = new TableName(app.historySchema(), app.historyTable());
    try (Database session = ground.databases().open(target)) {
      session.execute("delete from " + history + " where not success");
    }
  }

  private void migrate(List<MigrationScript> scripts, Callbacks callbacks) {
    scripts.forEach(script -> selected.add(script.script()));
    long left = ground.settings().timeout().toNanos() - (System.nanoTime() - begunNanos);
    try (ReplayWatch watch =
        ReplayWatch.start(
            ground.databases(),
            ground.maintenance(),
            target.database(),
            ground.settings().timeout(),
            left)) {
      watching = watch;
      Selection selection = new Selection(selected::contains, callbacks);
      try {
        for (int before = -1; recorder.recorded().size() > before; ) {
          before = recorder.recorded().size();
          if (wentThrough(selection)) {
            return;
          }
        }
        throw Failure.failed(
            "Flyway lost its lock in the scratch database, and applied nothing more",
            "belay --verbose shows the last migration");
      } catch (Failure failure) {
        throw watch.ended(app.placeholders()).orElseGet(() -> named(failure));
      }
    }
  }

  /** Not every failure of Flyway's says in which migration, or after which, it was. */
  private Failure named(Failure failure) {
    List<RecordedMigration> done = recorder.recorded();
    Optional<String> where =
        recorder
            .failed()
            .or(
                () ->
                    done.isEmpty()
                        ? Optional.empty()
                        : Optional.of("at the end of " + done.get(done.size() - 1).script()));
    boolean named =
        recorder.failed().filter(script -> failure.message().contains(script)).isPresent()
            || ServerError.in(failure).isEmpty();
    return named ? failure : where.map(failure::about).orElse(failure);
  }

  /**
   * Runs Flyway once.
   *
   * @return false when it stopped because a migration let its lock go, as {@code discard all} does;
   *     whoever starts Flyway again finds that migration applied, and so does this
   */
  private boolean wentThrough(Selection selection) {
    try {
      engine.migrate(selection, callbacks);
      return true;
    } catch (Failure failure) {
      int applied = recorder.recorded().size();
      if (applied == 0 || recorder.failed().isPresent() || !FlywayEngine.lostItsLock(failure)) {
        throw failure;
      }
      notes.add(
          recorder.recorded().get(applied - 1).name()
              + " lets go Flyway's lock, as DISCARD ALL does: Flyway stops after it with an error,"
              + " and has to be started again");
      return false;
    }
  }
}
