package dev.belay.conflicts;

import dev.belay.config.AppSettings;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Set;

/**
 * Removes the row of a migration that failed, for another operation which has proven that the
 * migration left nothing behind.
 */
public final class FailedRows {
  private FailedRows() {}

  /**
   * Removes it in one transaction that holds Flyway's lock; a copy of the history is saved before.
   *
   * @param session not in a transaction
   * @param migration by a name that means only that one
   * @param journal of the operation, which holds the operation lock
   * @return the copies of the history as it was before; empty: there is no such row any more
   * @throws dev.belay.core.Failure REFUSED when a migration is running or the history changed;
   *     UNAVAILABLE when a lock is not to be had
   */
  public static List<String> remove(
      GuardedRun run, Database session, AppSettings app, String migration, Journal journal) {
    return new ResolveConflicts(run)
        .within(
            session,
            app,
            new Chosen(Set.of(Resolution.REMOVE_FAILED_ROWS), List.of(), List.of(migration)),
            journal);
  }
}
