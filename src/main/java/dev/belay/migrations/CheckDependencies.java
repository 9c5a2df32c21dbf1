package dev.belay.migrations;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.Requirements;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.DeclaredDependencies;
import dev.belay.scratch.DependencyGraph;
import dev.belay.scratch.Recording;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.nio.file.Path;
import java.util.List;

/**
 * Says what a migration needs and what needs it, from a replay in a scratch database. The live
 * database is only read.
 */
public final class CheckDependencies {
  private final Databases databases;

  public CheckDependencies(Databases databases) {
    this.databases = databases;
  }

  /**
   * What is asked.
   *
   * @param app the app's name
   * @param migration as the operator names it
   * @param jars jars with Java migrations
   * @param proof whether to replay without the migration, and without what it may not need
   * @param dot whether the text is a drawing for Graphviz
   */
  public record Request(
      String app, String migration, List<Path> jars, boolean proof, boolean dot) {}

  /**
   * Answers.
   *
   * @throws Failure FAILED when the migrations cannot be replayed, UNAVAILABLE when there is no
   *     script of the migration
   */
  public CheckDependenciesReport run(Settings settings, Request request, Progress progress) {
    AppSettings app = settings.app(request.app());
    try (Database live = databases.open(settings.target()).readingOnly()) {
      Requirements declared = DeclaredDependencies.read(live, settings, app);
      AppState asked = AppState.read(live, app);
      DeclaredDependencies.refuseWrong(declared, app.name());
      try (ScratchReplay replay = ScratchReplay.open(settings, live, request.jars(), progress)) {
        AppState state = request.jars().isEmpty() ? asked : replay.state(live, app);
        Migration migration = MigrationNames.find(state, request.migration());
        MigrationScript script = migration.script();
        if (script == null) {
          throw Failure.unavailable(
              migration.name() + " has no script here, so what it did cannot be replayed",
              "check out the version of the scripts that has it, then run it again");
        }
        progress.step("replaying the migrations of app " + app.name());
        ReplayPlan plan = replay.plan(live, state, ReplayPlan.Reach.EVERYTHING);
        Recording recording = replay.recording(plan);
        DependencyGraph graph =
            DependencyGraph.of(recording, DeclaredDependencies.of(declared, app.name()));
        return new DependencyAnswer(
                settings, request, state, migration, script, plan, recording, graph)
            .report(replay, progress);
      }
    }
  }
}
