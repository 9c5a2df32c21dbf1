package dev.belay.ledger;

import dev.belay.flyway.MigrationVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A migration that was undone.
 *
 * @param app the app's name at that time
 * @param version null for a repeatable migration
 * @param installedRank of the row of the migration in Flyway's history
 * @param migrationScript as Flyway had recorded it
 * @param method how: {@code ledger}, {@code file}, {@code generated} or {@code vanished}
 * @param undoSha256 of the text that was run; empty where none was
 * @param recordRank of the row by which Flyway knows of it
 * @param rowsLost rows and values that it destroyed
 * @param backup the id of the backup that was made before; empty: none
 * @param exports files of what it destroyed
 * @param run who did it
 */
public record UndoneEntry(
    String app,
    @Nullable MigrationVersion version,
    String description,
    int installedRank,
    String migrationScript,
    String method,
    Optional<String> undoSha256,
    RecordedAs recordedAs,
    int recordRank,
    long rowsLost,
    Optional<String> backup,
    List<String> exports,
    String run) {
  public UndoneEntry {
    exports = List.copyOf(exports);
  }

  /** What the next start of an application does. */
  public enum RecordedAs {
    /** It applies the migration again. */
    REOPEN,
    /** It does not. */
    HOLD;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
