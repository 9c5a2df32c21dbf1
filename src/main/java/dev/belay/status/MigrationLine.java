package dev.belay.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.ledger.StoredUndo;
import dev.belay.undo.UndoScripts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A migration as list-migrations shows it.
 *
 * @param name its file name without ending
 * @param version null for a repeatable migration
 * @param type Flyway's word for what it is made of, such as {@code SQL}
 * @param state what it is
 * @param flywayState what Flyway says
 * @param installedOn when it was applied; null when it was not
 * @param executionMillis how long it ran, in milliseconds
 * @param appliedChecksum as recorded; null where Flyway records none
 * @param script its path from its location on, as Flyway records it
 * @param file its script on disk; null when there is none
 * @param fileChecksum of the script on disk
 * @param undoFile its undo script; null when there is none
 * @param undoLocation the configured folder in which the undo script was found
 * @param undoStored the name of its undo script in the ledger; null when it has none
 * @param takenBackOn when it was undone, held or deleted; null when it was not
 * @param record whether it only records something about another one
 * @param differences in what the applied migration differs from its script
 */
public record MigrationLine(
    String name,
    @Nullable String version,
    String description,
    String type,
    MigrationState state,
    MigrationState flywayState,
    @Nullable Integer installedRank,
    @Nullable Instant installedOn,
    @Nullable String installedBy,
    @Nullable Integer executionMillis,
    @Nullable Integer appliedChecksum,
    String script,
    @Nullable String file,
    @Nullable Integer fileChecksum,
    @Nullable String undoFile,
    @Nullable String undoLocation,
    @Nullable String undoStored,
    @Nullable Instant takenBackOn,
    @Nullable String takenBackBy,
    boolean record,
    List<String> differences) {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  /**
   * The line for a migration.
   *
   * @param undos the undo scripts of its app
   * @param here paths below it are shown from it on
   */
  static MigrationLine of(Migration migration, UndoScripts undos, Path here) {
    AppliedMigration applied = migration.applied();
    AppliedMigration closed = migration.closedBy();
    MigrationScript script = migration.script();
    MigrationScript undo = migration.undo();
    return new MigrationLine(
        migration.name(),
        migration.version() == null ? null : migration.version().toString(),
        migration.description(),
        migration.type(),
        migration.state(),
        migration.flywayState(),
        applied == null ? null : Integer.valueOf(applied.installedRank()),
        applied == null ? null : applied.installedOn(),
        applied == null ? null : applied.installedBy(),
        applied == null ? null : Integer.valueOf(applied.executionMillis()),
        applied == null ? null : applied.checksum(),
        applied != null ? applied.script() : script != null ? script.script() : "",
        script == null ? null : shown(script.file(), here),
        script == null ? null : script.checksum(),
        undo == null ? null : shown(undo.file(), here),
        undo == null ? null : undo.location(),
        undos.inLedger(migration).map(StoredUndo::script).orElse(null),
        closed == null ? null : closed.installedOn(),
        closed == null ? null : closed.installedBy(),
        migration.isRecord(),
        migration.differences().stream()
            .map(difference -> difference.name().toLowerCase(Locale.ROOT))
            .toList());
  }

  private static String shown(Path file, Path here) {
    Path whole = file.toAbsolutePath().normalize();
    return whole.startsWith(here) ? here.relativize(whole).toString() : whole.toString();
  }

  /** The cells of its row: mark, name, state, when, by whom, how long, undo. */
  @JsonIgnore
  String[] cells() {
    return new String[] {mark(), name, stateWords(), when(), by(), took(), undoWords()};
  }

  private String mark() {
    if (state.isFailed()) {
      return "  [!]";
    }
    if (state.isTakenBack()) {
      return "  [-]";
    }
    if (state.isMissing() || state.isFuture()) {
      return "  [?]";
    }
    return state.isInForce() ? "  [✓]" : "  [ ]";
  }

  private String stateWords() {
    return differences.isEmpty()
        ? state.word()
        : state.word() + ", " + String.join(" and ", differences) + " differs";
  }

  private String when() {
    Instant at = takenBackOn != null ? takenBackOn : installedOn;
    return at == null ? "" : MINUTE.format(at);
  }

  private String by() {
    String who = takenBackOn != null ? takenBackBy : installedBy;
    return who == null || who.isEmpty() ? "" : "by " + who;
  }

  private String took() {
    return executionMillis == null || takenBackOn != null
        ? ""
        : Units.duration(Duration.ofMillis(Math.max(0, executionMillis)));
  }

  /** Only a version can be undone: of a repeatable migration there is nothing to say. */
  private String undoWords() {
    if (version == null || state == MigrationState.BASELINE) {
      return "";
    }
    if (undoStored == null) {
      return "undo: " + (undoFile == null ? "none" : undoFile);
    }
    return "undo: "
        + (undoFile == null ? undoStored + " in the ledger" : undoFile + " and the ledger");
  }
}
