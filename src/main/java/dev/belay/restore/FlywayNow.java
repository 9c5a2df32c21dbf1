package dev.belay.restore;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.LockHolder;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationScripts;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Optional;

/** The migrations of the live database, by Flyway's own account. */
final class FlywayNow implements MigrationsNow {
  private final GuardedRun run;

  FlywayNow(GuardedRun run) {
    this.run = run;
  }

  @Override
  public List<App> read() {
    List<AppSettings> apps = run.settings().apps();
    try (Database session = run.databases().open(run.target())) {
      return apps.stream().map(app -> read(session, app)).toList();
    } catch (Failure unreachable) {
      run.progress().detail("the live database cannot be asked: " + unreachable.message());
      return apps.stream().map(this::onDisk).toList();
    }
  }

  private static App read(Database session, AppSettings app) {
    AppState state = AppState.read(session, app);
    return new App(
        app.name(),
        state.history().inForce().stream().map(AppliedMigration::script).toList(),
        state.knowsAllScripts() ? Optional.of(names(state.scripts())) : Optional.empty(),
        FlywayLock.holder(session, app).map(LockHolder::toString));
  }

  private App onDisk(AppSettings app) {
    MigrationScripts scripts = MigrationScripts.scan(app, run.target());
    boolean known = !app.locations().isEmpty() && scripts.complete();
    return new App(
        app.name(),
        List.of(),
        known ? Optional.of(names(scripts)) : Optional.empty(),
        Optional.empty());
  }

  private static List<String> names(MigrationScripts scripts) {
    return scripts.migrations().stream().map(MigrationScript::script).toList();
  }
}
