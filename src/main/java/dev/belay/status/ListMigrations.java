package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.MigrationHistory;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.undo.UndoScripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lists migrations from the history and from disk. Reads only. */
public final class ListMigrations {
  private final Databases databases;

  public ListMigrations(Databases databases) {
    this.databases = databases;
  }

  /**
   * The migrations of one app, or of all.
   *
   * @param app the app's name; empty: all apps
   * @param here the folder from which paths are shown
   * @throws Failure USAGE when there is no such app, UNAVAILABLE when the history cannot be read
   */
  public ListMigrationsReport run(Settings settings, Optional<String> app, Path here) {
    List<AppSettings> apps = app.map(name -> List.of(settings.app(name))).orElse(settings.apps());
    if (apps.isEmpty()) {
      throw Failure.usage("no app is configured", "name the folder of migrations in belay.yaml");
    }
    try (Database database = databases.open(settings.target())) {
      List<AppMigrations> answers = new ArrayList<>();
      apps.forEach(each -> answers.add(list(database, each, here)));
      return new ListMigrationsReport(settings.target().toString(), answers);
    }
  }

  private static AppMigrations list(Database database, AppSettings app, Path here) {
    AppState state = AppState.read(database, app);
    MigrationHistory history = state.history();
    UndoScripts undos = UndoScripts.readable(database, state);
    Path folder = here.toAbsolutePath().normalize();
    return new AppMigrations(
        app.name(),
        app.schemas(),
        history.schema(),
        history.table(),
        history.present(),
        history.currentVersion(),
        state.migrations().stream()
            .map(migration -> MigrationLine.of(migration, undos, folder))
            .toList(),
        problems(state, undos));
  }

  private static List<AppMigrations.Problem> problems(AppState state, UndoScripts undos) {
    List<AppMigrations.Problem> problems = new ArrayList<>();
    state
        .scripts()
        .problems()
        .forEach(
            problem ->
                problems.add(
                    new AppMigrations.Problem(
                        problem.kind().name().toLowerCase(Locale.ROOT),
                        problem.where(),
                        problem.message())));
    undos
        .notes()
        .forEach(note -> problems.add(new AppMigrations.Problem("ledger", "ledger", note)));
    return problems;
  }
}
