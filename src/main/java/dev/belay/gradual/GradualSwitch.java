package dev.belay.gradual;

import dev.belay.batch.BatchRuns;
import dev.belay.batch.BatchState;
import dev.belay.batch.BatchStatement;
import dev.belay.batch.SyncColumns;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.Migration;
import dev.belay.flyway.ScriptSession;
import dev.belay.ledger.UndoneEntry;
import dev.belay.ledger.UndoneLog;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.rollback.Recording;
import dev.belay.rollback.UndoneEntries;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoExecution;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The switch of the schema: Flyway's lock, the end of the triggers, the rest of the scripts, the
 * rows of Flyway's table and the ledger, in the transaction that is open.
 */
final class GradualSwitch {
  /** So long may a look at all rows of a table keep applications waiting. */
  private static final int LATE_MILLIS = 500;

  private final GuardedRun run;
  private final GradualPlan plan;
  private final GradualRequest request;
  private final GradualSaving saving;
  private final String version;
  private final long id;
  private final AtomicLong transaction = new AtomicLong();
  private final List<String> notes = new ArrayList<>();
  private int attempt;

  GradualSwitch(
      GuardedRun run,
      GradualPlan plan,
      GradualRequest request,
      GradualSaving saving,
      String version,
      long id) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.saving = saving;
    this.version = version;
    this.id = id;
  }

  /** The number of the transaction of the newest try, for asking what became of it. */
  long transaction() {
    return transaction.get();
  }

  /** What the operator should know of the newest try. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Does all of it, or nothing when somebody wants it to wait or to end; nothing of an earlier try
   * is left.
   *
   * @param longest time to wait for locks
   * @return what the run is doing; RUNNING: it was done
   * @throws Failure REFUSED when the history is not the one of the plan any more, or more would be
   *     lost than was accepted
   */
  BatchState once(Database session, Duration longest) {
    transaction.set(0);
    notes.clear();
    BatchState wanted = BatchRuns.hold(session, id);
    if (wanted != BatchState.RUNNING) {
      return wanted;
    }
    AppSettings app = plan.undo().app();
    HistoryLock.take(session, app);
    refuseChanged(session, plan);
    GradualLocks.take(session, plan, longest, attempt++);
    SwitchLoss loss = new SwitchLoss(plan, request.acceptedLoss());
    loss.lock(session);
    final long lost = loss.refuse(session);
    notes.addAll(late(session));
    UndoExecution execution = UndoExecution.begin(session, app);
    transaction.set(execution.transaction());
    SyncColumns.remove(session, id);
    List<UndoExecution.Done> done = new ArrayList<>();
    for (GradualPlan.Part part : plan.switching()) {
      done.add(execution.run(part.step(), part.statements()));
    }
    List<UndoneEntry> entries = new ArrayList<>();
    UndoneEntries entry =
        new UndoneEntries(app, saving.backup(), saving.exports(), run.run().text());
    Recording recording = new Recording(session, app, request.hold());
    for (int number = 0; number < plan.switching().size(); number++) {
      UndoStep step = plan.switching().get(number).step();
      AppliedMigration row =
          recording.of(
              step.migration(),
              step.script().map(UndoScript::name),
              done.get(number).took().toMillis());
      // What is lost is lost once, however many migrations go.
      entries.add(entry.of(step.migration(), step.script(), row, number == 0 ? lost : 0));
    }
    for (Migration vanishing : plan.undo().vanishing()) {
      AppliedMigration row = recording.of(vanishing, Optional.empty(), 0);
      entries.add(entry.of(vanishing, Optional.empty(), row, 0));
    }
    new UndoneLog(HistoryLock.table(app)).add(session, entries, version);
    BatchRuns.phase(session, id, "schema", "verify");
    return BatchState.RUNNING;
  }

  /**
   * Lets nothing be undone by a plan that was made for another history.
   *
   * @throws Failure REFUSED when something was applied or undone since
   */
  static void refuseChanged(Database session, GradualPlan plan) {
    if (!HistoryQueries.read(session, plan.undo().app()).equals(plan.undo().state().history())) {
      throw Failure.refused(
          "the history of %s changed since the plan was made".formatted(plan.undo().app().name()),
          "see what was applied or undone: belay list-migrations");
    }
  }

  /** Nobody can write to the tables any more, so what is done now is all that there is to do. */
  private List<String> late(Database session) {
    List<String> notes = new ArrayList<>();
    String timeout = session.text("select pg_catalog.current_setting('statement_timeout')");
    for (BatchStatement statement : plan.late()) {
      session.execute("savepoint belay_late");
      try {
        ScriptSession.begin(session, plan.undo().app());
        timeout(session, LATE_MILLIS + "ms");
        long rows = session.execute(statement.sqlForAll());
        session.execute("release savepoint belay_late");
        if (rows > 0) {
          notes.add(
              "%s: %s came after its last batch, and went with the switch"
                  .formatted(statement.where(), Units.count(rows, "row", "rows")));
        }
      } catch (Failure failure) {
        if (!SqlState.QUERY_CANCELED.isOf(failure)) {
          throw failure.about(statement.where());
        }
        session.execute("rollback to savepoint belay_late");
        notes.add(
            "%s: whether rows came after its last batch could not be seen in %d ms under the locks of the switch: see to them"
                .formatted(statement.where(), LATE_MILLIS));
      }
      timeout(session, timeout);
      ScriptSession.end(session);
    }
    return notes;
  }

  private static void timeout(Database session, String value) {
    session.execute("select pg_catalog.set_config('statement_timeout', ?, true)", value);
  }
}
