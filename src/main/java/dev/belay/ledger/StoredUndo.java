package dev.belay.ledger;

import dev.belay.flyway.MigrationVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An undo script in the ledger, without its text: {@link UndoStore#content} reads that.
 *
 * @param id its row
 * @param app the app's name when it was stored
 * @param version of the migration that it takes back
 * @param description of the migration
 * @param migrationChecksum as Flyway had recorded it when the script was stored; null where it
 *     records none
 * @param hasMigration whether the migration's own text is stored with it
 * @param script its file name
 * @param sha256 of its text in UTF-8, in hexadecimal digits
 * @param transactional whether its own settings let it run in a transaction
 */
public record StoredUndo(
    long id,
    String app,
    MigrationVersion version,
    String description,
    @Nullable Integer migrationChecksum,
    boolean hasMigration,
    String script,
    String sha256,
    boolean transactional,
    Origin origin,
    Instant storedAt,
    String storedBy,
    String belayVersion) {

  /** Who wrote it. */
  public enum Origin {
    /** Somebody: it was a file. */
    FILE,
    /** Belay, from what the migration did in a replay. */
    GENERATED
  }

  /** What it is called in a sentence. */
  public String words() {
    return "the undo script %s of version %s in the ledger (row %d)".formatted(script, version, id);
  }
}
