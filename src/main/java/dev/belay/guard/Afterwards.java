package dev.belay.guard;

import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.migrations.UndoStoring;
import dev.belay.postgres.Database;
import dev.belay.recovery.Before;
import dev.belay.recovery.Change;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command that succeeded did.
 *
 * @param applied migrations that are in force now and were not before
 * @param changed in what the schema differs from before
 * @param stored migrations whose undo scripts are in the ledger now
 */
record Afterwards(
    List<String> applied,
    List<String> changed,
    List<String> stored,
    List<String> problems,
    List<String> notes) {

  /** Looks, and keeps the undo scripts of what was applied. */
  static Afterwards look(
      GuardedRun run, Before before, String version, OperationLock lock, Journal journal) {
    List<String> stored = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Change change;
    try (Database session = run.databases().open(run.target())) {
      change = Change.since(run, session, before);
    } catch (Failure unknown) {
      return new Afterwards(
          List.of(),
          List.of(),
          stored,
          List.of("what the command did could not be looked at: " + unknown.message()),
          notes);
    }
    change
        .failed()
        .forEach(each -> problems.add("recorded as failed, though the command succeeded: " + each));
    for (String app : change.apps()) {
      try {
        new UndoStoring(run, version)
            .within(app, lock, journal).scripts().stream()
                .filter(line -> line.outcome().equals("stored"))
                .forEach(line -> stored.add(line.migration()));
      } catch (Failure cannot) {
        notes.add(
            "the undo scripts of %s could not be stored: %s".formatted(app, cannot.message()));
      }
    }
    return new Afterwards(change.applied(), change.schema(), stored, problems, notes);
  }
}
