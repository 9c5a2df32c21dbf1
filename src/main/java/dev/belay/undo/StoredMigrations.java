package dev.belay.undo;

import dev.belay.config.AppSettings;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationVersion;
import dev.belay.flyway.ScriptContent;
import dev.belay.scratch.ScriptFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Migrations that are not on disk any more, and of which the ledger still has the text. */
final class StoredMigrations {
  private StoredMigrations() {}

  /**
   * The app with a further location, in which they are; the app itself where there is none of them.
   *
   * @param notes is told of each
   */
  static AppSettings found(
      AppState state, UndoScripts scripts, ScriptFolder folder, List<String> notes) {
    AppSettings app = state.app();
    boolean any = false;
    for (Migration migration : state.migrations()) {
      MigrationVersion version = migration.version();
      AppliedMigration row = migration.applied();
      boolean missing =
          row != null
              && version != null
              && migration.script() == null
              && migration.state().isInForce()
              && row.type().equals("SQL");
      if (!missing || row == null || version == null) {
        continue;
      }
      String file = row.script().substring(row.script().lastIndexOf('/') + 1);
      Optional<String> text = scripts.migration(version).filter(found -> isApplied(row, found));
      if (text.isPresent() && ScriptContent.isVersioned(app, file, version)) {
        folder.write(file, text.get());
        notes.add(migration.name() + " is not on disk; it is replayed as the ledger has it");
        any = true;
      }
    }
    return any ? with(app, folder.location()) : app;
  }

  private static boolean isApplied(AppliedMigration row, String text) {
    Integer checksum = row.checksum();
    return checksum == null || checksum == ScriptContent.checksum(text);
  }

  private static AppSettings with(AppSettings app, String location) {
    List<String> locations = new ArrayList<>(app.locations());
    locations.add(location);
    return new AppSettings(
        app.name(),
        app.schemas(),
        app.tables(),
        locations,
        app.undoLocations(),
        app.historySchema(),
        app.historyTable(),
        app.placeholders(),
        app.flyway(),
        app.requires(),
        app.ignore());
  }
}
