package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.ledger.UndoneEntry;
import dev.belay.undo.UndoScript;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the ledger's entries of what a run undid.
 *
 * @param backup the id of the backup that was made before; empty: none
 * @param exports where what was lost is
 * @param run its id
 */
record UndoneEntries(AppSettings app, Optional<String> backup, List<Path> exports, String run) {
  UndoneEntries {
    exports = List.copyOf(exports);
  }

  /**
   * One.
   *
   * @param row by which Flyway knows of it
   * @param lost rows and values
   */
  UndoneEntry of(
      Migration migration, Optional<UndoScript> script, AppliedMigration row, long lost) {
    AppliedMigration applied = Recording.applied(migration);
    return new UndoneEntry(
        app.name(),
        migration.version(),
        applied.description(),
        applied.installedRank(),
        applied.script(),
        method(script),
        script.map(UndoScript::sha256),
        row.isDelete() ? UndoneEntry.RecordedAs.REOPEN : UndoneEntry.RecordedAs.HOLD,
        row.installedRank(),
        lost,
        backup,
        exports.stream().map(Path::toString).toList(),
        run);
  }

  /** How a migration goes: by a script from somewhere, or by itself. */
  static String method(Optional<UndoScript> script) {
    return script.map(each -> each.origin().name().toLowerCase(Locale.ROOT)).orElse("vanished");
  }
}
