package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.ledger.UndoneEntry;
import dev.belay.undo.UndoScript;
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
public record UndoneEntries(
    AppSettings app, Optional<String> backup, List<String> exports, String run) {
  public UndoneEntries {
    exports = List.copyOf(exports);
  }

  /**
   * One.
   *
   * @param script that took it back; empty: it went by itself
   * @param row by which Flyway knows of it
   * @param lost rows and values
   */
  public UndoneEntry of(
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
        exports,
        run);
  }

  /** How a migration goes: by a script from somewhere, or by itself. */
  static String method(Optional<UndoScript> script) {
    return script.map(each -> each.origin().name().toLowerCase(Locale.ROOT)).orElse("vanished");
  }
}
