package dev.belay.undo;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationVersion;
import dev.belay.flyway.ScriptContent;
import dev.belay.ledger.StoredUndo;
import dev.belay.ledger.StoredUndos;
import dev.belay.ledger.UndoStore;
import dev.belay.postgres.Database;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All undo scripts of an app: those of the ledger and those on disk. */
public final class UndoScripts {
  private final Database live;
  private final AppState state;
  private final UndoStore store;
  private final StoredUndos stored;

  private UndoScripts(Database live, AppState state, UndoStore store, StoredUndos stored) {
    this.live = live;
    this.state = state;
    this.store = store;
    this.stored = stored;
  }

  /**
   * Finds them. Their texts are read when they are asked for.
   *
   * @param live a session with the target, which stays open as long as this is used
   * @throws Failure REFUSED when the ledger is of a form that this program does not know
   */
  public static UndoScripts read(Database live, AppState state) {
    AppSettings app = state.app();
    UndoStore store = new UndoStore(new TableName(app.historySchema(), app.historyTable()));
    return new UndoScripts(live, state, store, store.read(live));
  }

  /** The same; a ledger of an unknown form is none, and noted. */
  public static UndoScripts readable(Database live, AppState state) {
    try {
      return read(live, state);
    } catch (Failure unknown) {
      AppSettings app = state.app();
      return new UndoScripts(
          live,
          state,
          new UndoStore(new TableName(app.historySchema(), app.historyTable())),
          new StoredUndos(false, Map.of(), List.of(unknown.message())));
    }
  }

  /**
   * The undo scripts of one version.
   *
   * @param ledger that of the ledger
   * @param file that on disk
   * @param differsAt the first line in which the two differ, from 1; 0 when they do not, or when
   *     one is not there
   */
  public record Found(Optional<UndoScript> ledger, Optional<UndoScript> file, int differsAt) {
    /** The one that counts. */
    public Optional<UndoScript> chosen(UndoRequest.Preferred preferred) {
      return preferred == UndoRequest.Preferred.DISK
          ? file.or(() -> ledger)
          : ledger.or(() -> file);
    }

    /** Whether both are there and have another text. */
    public boolean differs() {
      return differsAt > 0;
    }
  }

  /** What the ledger holds. */
  public StoredUndos stored() {
    return stored;
  }

  /** What could not be read of the ledger. */
  public List<String> notes() {
    return stored.notes();
  }

  /** Whether there is one, whatever its text; costs nothing. */
  public boolean has(Migration migration) {
    return inLedger(migration).isPresent() || migration.undo() != null;
  }

  /** The row of the ledger for a migration. */
  public Optional<StoredUndo> inLedger(Migration migration) {
    return Optional.ofNullable(migration.version()).flatMap(stored::of);
  }

  /**
   * Those for a migration, with their texts.
   *
   * @throws Failure REFUSED when the row of the ledger was changed by hand, UNAVAILABLE when the
   *     file cannot be read
   */
  public Found of(Migration migration) {
    Optional<UndoScript> ledger = ledger(migration);
    Optional<UndoScript> file = file(migration);
    int differsAt =
        ledger.isPresent() && file.isPresent()
            ? firstDifference(ledger.get().text(), file.get().text())
            : 0;
    return new Found(ledger, file, differsAt);
  }

  /** The same, where one of the two is enough: the other may be damaged. */
  public Found of(Migration migration, UndoRequest.Preferred preferred) {
    return preferred == UndoRequest.Preferred.DISK && migration.undo() != null
        ? new Found(Optional.empty(), file(migration), 0)
        : of(migration);
  }

  /** That of the ledger. */
  public Optional<UndoScript> ledger(Migration migration) {
    return inLedger(migration)
        .map(
            row ->
                new UndoScript(
                    UndoScript.Origin.LEDGER,
                    row.script(),
                    store.content(live, row),
                    row.sha256(),
                    Optional.empty(),
                    row.transactional()));
  }

  /** That on disk. */
  public Optional<UndoScript> file(Migration migration) {
    MigrationScript undo = migration.undo();
    if (undo == null) {
      return Optional.empty();
    }
    ScriptContent content = ScriptContent.of(state.app(), undo.file());
    return Optional.of(
        new UndoScript(
            UndoScript.Origin.FILE,
            String.valueOf(undo.file().getFileName()),
            content.text(),
            UndoStore.sha256(content.text()),
            Optional.of(undo.file()),
            content.transactional()));
  }

  private static int firstDifference(String one, String other) {
    if (one.equals(other)) {
      return 0;
    }
    Iterator<String> left = one.lines().iterator();
    Iterator<String> right = other.lines().iterator();
    int line = 1;
    while (left.hasNext() && right.hasNext() && Objects.equals(left.next(), right.next())) {
      line++;
    }
    return line;
  }

  /** The migration's own text as the ledger has it; empty where it has none. */
  public Optional<String> migration(MigrationVersion version) {
    return stored.of(version).flatMap(row -> store.migration(live, row));
  }
}
