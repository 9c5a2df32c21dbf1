package dev.belay.scratch;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The schema that a replay of the applied migrations gives. */
public final class ReplayedSchema implements Expected {
  @Override
  public ExpectedSchema replay(
      Settings settings, AppSettings app, Database live, List<Path> jars, Progress progress) {
    try (ScratchReplay replay = ScratchReplay.open(settings, live, jars, progress)) {
      progress.step("replaying the applied migrations of app " + app.name());
      ReplayPlan plan = replay.plan(live, replay.state(live, app), ReplayPlan.Reach.APPLIED);
      try (Replayed replayed = replay.applied(plan);
          Database session = replay.open(replayed)) {
        List<String> notes = new ArrayList<>(plan.notes());
        notes.addAll(replayed.recording().notes());
        TableName history = new TableName(app.historySchema(), app.historyTable());
        return new ExpectedSchema(
            Catalogue.read(session, CatalogueScope.without(history)),
            session.text("select current_user"),
            notes);
      }
    }
  }
}
