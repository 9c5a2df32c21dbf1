package dev.belay.migrations;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.ScratchSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.ScriptProblem;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.ScratchReplay;
import dev.belay.undo.LiveTableQueries;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what the pending migrations would do to the live database and how risky that is, from a
 * replay in a scratch database. The live database is only read.
 */
public final class CheckMigrations {
  private final Databases databases;

  public CheckMigrations(Databases databases) {
    this.databases = databases;
  }

  /**
   * Checks one app, or all.
   *
   * @throws Failure USAGE when there is no such app, UNAVAILABLE when the live database cannot be
   *     read or no scratch database can be made, REFUSED when a migration reaches beyond its
   *     database, FAILED when what was applied cannot be replayed
   */
  public CheckMigrationsReport run(
      Settings settings, CheckMigrationsRequest request, Progress progress) {
    List<AppSettings> apps =
        request.app().map(name -> List.of(settings.app(name))).orElse(settings.apps());
    if (apps.isEmpty()) {
      throw Failure.usage("no app is configured", "name the folder of migrations in belay.yaml");
    }
    boolean elsewhere = settings.scratch().server() != ScratchSettings.Server.SAME;
    List<AppRisk> answers = new ArrayList<>();
    try (Database live = databases.open(settings.target())) {
      LiveTableQueries.readOnly(live, request.countTimeout());
      List<AppState> states = apps.stream().map(app -> AppState.read(live, app)).toList();
      if (request.jars().isEmpty()) {
        states.forEach(CheckMigrations::refuseUnseen);
      }
      boolean nothing =
          request.jars().isEmpty() && states.stream().noneMatch(PendingCheck::hasPending);
      if (nothing) {
        states.forEach(
            state ->
                answers.add(
                    new AppRisk(
                        state.app().name(),
                        RiskLevel.none,
                        List.of(),
                        NextMigrate.notes(state, live))));
      } else {
        try (ScratchReplay replay = ScratchReplay.open(settings, live, request.jars(), progress)) {
          for (AppState state : states) {
            AppState whole = request.jars().isEmpty() ? state : replay.state(live, state.app());
            List<String> notes = NextMigrate.notes(whole, live);
            PendingCheck check =
                new PendingCheck(replay, live, whole, request, elsewhere, progress);
            answers.add(check.run().with(notes));
          }
        }
      }
    }
    return new CheckMigrationsReport(
        settings.target().toString(),
        RiskLevel.greatest(answers.stream().map(AppRisk::level).toList()),
        request.failOn(),
        answers,
        request.annotated());
  }

  /** A pipeline that looks into the wrong folder must not be told that nothing is wrong. */
  private static void refuseUnseen(AppState state) {
    for (ScriptProblem problem : state.scripts().problems()) {
      if (problem.kind() == ScriptProblem.Kind.LOCATION) {
        throw Failure.unavailable(
            "no script was seen in %s: %s".formatted(problem.where(), problem.message()),
            "name the folders of app %s in belay.yaml: belay config shows them; jars need --jars"
                .formatted(state.app().name()));
      }
    }
  }
}
