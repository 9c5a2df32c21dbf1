package dev.belay.rollback;

import dev.belay.core.TableName;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Takes migrations back for another operation that has it as its way back. */
public final class WholeUndo {
  private static final int TRIES = 12;

  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   */
  public WholeUndo(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * What was undone.
   *
   * @param migrations in the order in which they were undone
   * @param rowsLost rows and values that went
   * @param exports files of what went
   * @param problems what is not as it should be now
   * @param notes what else there is to be known
   * @param written the tables whose rows its scripts changed; empty: that is not known
   */
  public record Done(
      List<String> migrations,
      long rowsLost,
      List<String> exports,
      List<String> problems,
      List<String> notes,
      Optional<Set<TableName>> written) {
    public Done {
      migrations = List.copyOf(migrations);
      exports = List.copyOf(exports);
      problems = List.copyOf(problems);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Undoes a migration and all that were applied after it, agreed to before, by scripts that are
   * proven in a scratch database. What is lost is exported; no backup is made.
   *
   * @param migration as an operator names it
   * @param acceptedLoss the most rows and values that may be lost; empty: none
   * @throws dev.belay.core.Failure as {@code rollback-migration}; REFUSED before anything is
   *     changed
   */
  public Done within(
      String app,
      String migration,
      OptionalLong acceptedLoss,
      int jobs,
      OperationLock lock,
      Journal journal) {
    UndoRequest undo =
        new UndoRequest(
            app,
            migration,
            UndoRequest.Reach.DOWN_FROM,
            UndoRequest.Preferred.LEDGER,
            false,
            List.of());
    RollbackMigration rollback =
        new RollbackMigration(
            run,
            live -> UndoPlanning.plan(run.settings(), run.databases(), live, undo, run.progress()),
            environment,
            version);
    CarryingOut.Done done =
        rollback.within(
            new RollbackRequest(
                undo, false, acceptedLoss, false, true, false, false, false, TRIES, jobs),
            lock,
            journal);
    RollbackMigrationReport report = done.report();
    return new Done(
        report.undone().stream().map(RollbackMigrationReport.Line::migration).toList(),
        report.rowsLost(),
        report.exports(),
        report.problems(),
        report.notes(),
        done.written());
  }
}
