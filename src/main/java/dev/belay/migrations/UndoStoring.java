package dev.belay.migrations;

import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Optional;

/** Stores undo scripts in the ledger for another operation, which has just migrated. */
public final class UndoStoring {
  private final GuardedRun run;
  private final String version;

  /**
   * @param version of this program
   */
  public UndoStoring(GuardedRun run, String version) {
    this.run = run;
    this.version = version;
  }

  /**
   * Stores the scripts on disk of everything that is in force and that the ledger lacks.
   *
   * @param app the app's name
   * @return what became of each script, as {@code store-undo} says it
   * @throws dev.belay.core.Failure as {@code store-undo}
   */
  public StoreUndoReport within(String app, OperationLock lock, Journal journal) {
    return new StoreUndo(run, version)
        .within(
            new StoreUndoRequest(Optional.of(app), List.of(), false, false, List.of(), false),
            lock,
            journal);
  }
}
