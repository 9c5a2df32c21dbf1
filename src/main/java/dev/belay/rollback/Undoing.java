package dev.belay.rollback;

import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.Migration;
import dev.belay.journal.Journal;
import dev.belay.ledger.UndoneEntry;
import dev.belay.ledger.UndoneLog;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.postgres.WrittenTables;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoExecution;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Undoes what a plan says in one transaction: Flyway's lock, the tables that lose something, the
 * scripts, the rows of Flyway's table, the ledger's entry.
 */
final class Undoing {
  private final GuardedRun run;
  private final UndoPlan plan;
  private final RollbackRequest request;
  private final LossAccount account;
  private final GuardedTransaction guarded;
  private final Journal journal;
  private final String version;
  private final AtomicLong transaction = new AtomicLong();
  private final List<Undone> last = new ArrayList<>();
  private Optional<String> backup = Optional.empty();
  private boolean ledger;

  Undoing(
      GuardedRun run,
      UndoPlan plan,
      RollbackRequest request,
      LossAccount account,
      GuardedTransaction guarded,
      Journal journal,
      String version) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.account = account;
    this.guarded = guarded;
    this.journal = journal;
    this.version = version;
  }

  /**
   * Undoes.
   *
   * @param made the id of the backup that was made before; empty: none
   * @throws Failure REFUSED when more would be lost than was accepted, or something changed since
   *     the plan; UNAVAILABLE when a lock is not to be had; FAILED when a script fails. In all
   *     these cases everything was rolled back. INCOMPLETE when that is not so, or not known.
   */
  Undone run(Database session, Optional<String> made) {
    backup = made;
    ledger = RollbackQueries.ledgerCanBeWritten(session);
    try {
      Undone undone =
          guarded.run(
              session,
              "undoing " + PlanText.names(plan),
              plan.state().history(),
              this::scripts,
              (done, losses) -> recorded(session, done, losses));
      FailPoint.reached("rollback-committed");
      committed(undone);
      return undone;
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.INCOMPLETE
          && SqlState.lostConnection(failure)
          && !last.isEmpty()) {
        return new LostCommit(run, plan).settle(transaction.get(), last.get(0), failure);
      }
      throw failure;
    }
  }

  /** What is committed is done: a full disk does not make a failure of it. */
  private void committed(Undone undone) {
    try {
      journal.step(
          "committed",
          Map.of(
              "transaction",
              String.valueOf(undone.transaction()),
              Journal.HINT,
              "everything was undone and committed"));
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message());
    }
  }

  private List<UndoExecution.Done> scripts(UndoExecution execution) {
    last.clear();
    transaction.set(execution.transaction());
    List<UndoExecution.Done> done = new ArrayList<>();
    for (UndoStep step : plan.steps()) {
      run.progress().step("undoing " + step.migration().name());
      done.add(execution.run(step));
    }
    return done;
  }

  private Undone recorded(Database session, List<UndoExecution.Done> done, List<UndoLoss> losses) {
    List<Undone.Recorded> records = record(session, done, losses);
    Undone undone =
        new Undone(
            transaction.get(), losses, records, guarded.heldNanos(), WrittenTables.of(session));
    last.add(undone);
    return undone;
  }

  private List<Undone.Recorded> record(
      Database session, List<UndoExecution.Done> done, List<UndoLoss> losses) {
    long lost = losses.stream().mapToLong(UndoLoss::rows).sum();
    List<Undone.Recorded> records = new ArrayList<>();
    List<UndoneEntry> entries = new ArrayList<>();
    UndoneEntries entry = new UndoneEntries(plan.app(), backup, account.files(), run.run().text());
    Recording recording = new Recording(session, plan.app(), request.hold());
    for (int index = 0; index < plan.steps().size(); index++) {
      UndoStep step = plan.steps().get(index);
      UndoExecution.Done was = done.get(index);
      AppliedMigration row =
          recording.of(
              step.migration(), step.script().map(UndoScript::name), was.took().toMillis());
      // What is lost is lost once, however many migrations go.
      entries.add(entry.of(step.migration(), step.script(), row, index == 0 ? lost : 0));
      records.add(
          new Undone.Recorded(
              step.migration().name(),
              UndoneEntries.method(step.script()),
              row.installedRank(),
              row.type(),
              was.statements(),
              was.took().toMillis()));
    }
    for (Migration vanishing : plan.vanishing()) {
      AppliedMigration row = recording.of(vanishing, Optional.empty(), 0);
      entries.add(entry.of(vanishing, Optional.empty(), row, 0));
      records.add(
          new Undone.Recorded(vanishing.name(), "vanished", row.installedRank(), row.type(), 0, 0));
    }
    if (ledger) {
      new UndoneLog(HistoryLock.table(plan.app())).add(session, entries, version);
    }
    return records;
  }
}
