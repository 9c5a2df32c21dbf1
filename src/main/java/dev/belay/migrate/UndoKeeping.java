package dev.belay.migrate;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptContent;
import dev.belay.ledger.Ledger;
import dev.belay.ledger.NewUndo;
import dev.belay.ledger.StoredUndo;
import dev.belay.ledger.UndoStore;
import dev.belay.postgres.Database;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stores the undo scripts of migrations in the ledger, each in the transaction of its migration: so
 * the ledger has the undo of what was applied, and of nothing else.
 */
final class UndoKeeping {
  private static final String SAVEPOINT = "belay_undo";

  private final Map<String, NewUndo> scripts = new LinkedHashMap<>();
  private final UndoStore store;
  private final Progress progress;
  private final String version;
  private final Map<String, NewUndo> later = new LinkedHashMap<>();
  private boolean writable;
  private final Set<String> stored = new HashSet<>();

  /**
   * Reads the scripts.
   *
   * @param version of this program
   * @throws Failure UNAVAILABLE when one cannot be read
   */
  UndoKeeping(Forecast forecast, Progress progress, String version) {
    this.store = new UndoStore(HistoryLock.table(forecast.state().app()));
    this.progress = progress;
    this.version = version;
    for (Migration migration : forecast.pending()) {
      undo(forecast, migration).ifPresent(undo -> scripts.put(script(migration).script(), undo));
    }
  }

  private static MigrationScript script(Migration migration) {
    MigrationScript script = migration.script();
    if (script == null) {
      throw new IllegalStateException(migration.name());
    }
    return script;
  }

  private static Optional<NewUndo> undo(Forecast forecast, Migration migration) {
    MigrationScript undo = migration.undo();
    if (undo == null || migration.version() == null) {
      return Optional.empty();
    }
    MigrationScript script = script(migration);
    ScriptContent content = ScriptContent.of(forecast.state().app(), undo.file());
    Optional<String> own =
        script.type().equals("SQL")
            ? Optional.of(ScriptContent.of(forecast.state().app(), script.file()).text())
            : Optional.empty();
    return Optional.of(
        new NewUndo(
            forecast.state().app().name(),
            migration.version(),
            script.description(),
            script.checksum(),
            own,
            String.valueOf(undo.file().getFileName()),
            content.text(),
            content.transactional(),
            StoredUndo.Origin.FILE));
  }

  /** Makes the ledger, if there is something to store. What is in the way is said. */
  void prepare(Database session) {
    if (scripts.isEmpty()) {
      return;
    }
    try {
      Ledger.ensure(session);
      writable = true;
    } catch (Failure cannot) {
      progress.warn(
          "undo scripts are not stored in the ledger: %s; %s"
              .formatted(cannot.message(), progress.toPaste(cannot.hint())));
    }
  }

  /**
   * Stores that of a migration. A migration may have taken a role that may not write the ledger: it
   * is done afterwards then.
   */
  void applied(Database session, String script) {
    NewUndo undo = scripts.get(script);
    if (undo == null || !writable) {
      return;
    }
    if (!session.isInTransaction()) {
      later.put(script, undo);
      return;
    }
    session.execute("savepoint " + SAVEPOINT);
    try {
      store.store(session, undo, version);
      stored.add(undo.script());
    } catch (Failure cannot) {
      session.execute("rollback to savepoint " + SAVEPOINT);
      later.put(script, undo);
    }
    session.execute("release savepoint " + SAVEPOINT);
  }

  /**
   * Stores what was put off. Never fails: what is in the way is said.
   *
   * @param applied the scripts that are applied; what was put off for others is forgotten
   */
  void finish(Database session, Collection<String> applied) {
    later.keySet().retainAll(applied);
    for (NewUndo undo : later.values()) {
      try {
        store.store(session, undo, version);
        stored.add(undo.script());
      } catch (Failure cannot) {
        progress.warn(
            "the undo script %s is not stored in the ledger: %s; later: %s"
                .formatted(undo.script(), cannot.message(), progress.toPaste("belay store-undo")));
      }
    }
    later.clear();
  }

  /** How many were stored. */
  int stored() {
    return stored.size();
  }
}
