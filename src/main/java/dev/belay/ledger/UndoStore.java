package dev.belay.ledger;

import dev.belay.archive.Sha256;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The undo scripts in the ledger of one target. They belong to a history table and a version, not
 * to an app's name, which may change.
 */
public final class UndoStore {
  private static final String SCRIPTS = "undo_script";

  private final TableName history;

  /**
   * @param history Flyway's table, of whose migrations the scripts are
   */
  public UndoStore(TableName history) {
    this.history = history;
  }

  /**
   * What is stored. A ledger that is not there, or is none of Belay's, is none, and the reason is
   * noted.
   *
   * @throws Failure REFUSED when the ledger is of a form that this program does not know
   */
  public StoredUndos read(Database session) {
    Optional<String> none = LedgerAccess.whyUnreadable(session, SCRIPTS);
    if (none.isPresent()) {
      return none.get().isEmpty() ? StoredUndos.none() : StoredUndos.none(none.get());
    }
    Map<MigrationVersion, StoredUndo> newest = new TreeMap<>();
    UndoStoreQueries.newest(session, history)
        .forEach(each -> newest.merge(each.version(), each, UndoStore::later));
    return new StoredUndos(true, newest, java.util.List.of());
  }

  /** Rows that somebody wrote by hand may have a version in another form. */
  private static StoredUndo later(StoredUndo one, StoredUndo other) {
    return one.id() > other.id() ? one : other;
  }

  /**
   * The text of a script.
   *
   * @throws Failure REFUSED when it is not what was stored: somebody changed the row
   */
  public String content(Database session, StoredUndo stored) {
    String content = UndoStoreQueries.content(session, stored.id()).orElseThrow(() -> gone(stored));
    if (!sha256(content).equals(stored.sha256())) {
      throw Failure.refused(
          stored.words() + " was changed by hand: its text is not of the SHA-256 beside it",
          "store it again from its file: belay store-undo --replace; or use the file:"
              + " --prefer-disk");
    }
    return content;
  }

  /** The text of the migration that a script takes back; empty where it was not stored. */
  public Optional<String> migration(Database session, StoredUndo stored) {
    return stored.hasMigration()
        ? UndoStoreQueries.migration(session, stored.id())
        : Optional.empty();
  }

  private static Failure gone(StoredUndo stored) {
    return Failure.unavailable(
        stored.words() + " was taken away meanwhile", "run the same command again");
  }

  /**
   * Stores a script, as a new row; the ledger is made where there is none. What is there already,
   * with the same text for the same migration, adds no row.
   *
   * @param belayVersion who stores it
   * @return whether a row was added
   * @throws Failure REFUSED as {@link Ledger#ensure}, UNAVAILABLE when the ledger cannot be written
   */
  public boolean store(Database session, NewUndo script, String belayVersion) {
    return LedgerAccess.writing(
        session,
        SCRIPTS,
        () -> {
          String sha256 = sha256(script.content());
          Optional<StoredUndo> last = read(session).of(script.version());
          if (last.filter(each -> isSame(each, script, sha256)).isPresent()) {
            return false;
          }
          UndoStoreQueries.add(session, history, script, sha256, belayVersion);
          return true;
        });
  }

  private static boolean isSame(StoredUndo stored, NewUndo script, String sha256) {
    return stored.sha256().equals(sha256)
        && stored.transactional() == script.transactional()
        && stored.script().equals(script.script())
        && Objects.equals(stored.migrationChecksum(), script.migrationChecksum())
        && (stored.hasMigration() || script.migration().isEmpty());
  }

  /** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
  public static String sha256(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
