package dev.belay.rollback;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationHistory;
import dev.belay.flyway.ScriptStatement;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.UndoneLog;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes scripts that no transaction takes: statement by statement, each in the journal before and
 * after, and each migration recorded as soon as its script is through. What a transaction takes
 * runs in one that is guarded.
 */
final class Stepwise {
  private final GuardedRun run;
  private final UndoPlan plan;
  private final RollbackRequest request;
  private final LossAccount account;
  private final InTheWay inTheWay;
  private final GuardedTransaction guarded;
  private final OperationLock lock;
  private final Journal journal;
  private final String version;
  private final List<String> done = new ArrayList<>();
  private Optional<String> backup = Optional.empty();
  private List<UndoLoss> losses = List.of();
  private MigrationHistory history;
  private MigrationHistory recorded;
  private long recordedLoss;
  private boolean ledger;
  private boolean begun;

  Stepwise(
      GuardedRun run,
      UndoPlan plan,
      RollbackRequest request,
      LossAccount account,
      InTheWay inTheWay,
      GuardedTransaction guarded,
      OperationLock lock,
      Journal journal,
      String version) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.account = account;
    this.inTheWay = inTheWay;
    this.guarded = guarded;
    this.lock = lock;
    this.journal = journal;
    this.version = version;
    this.history = plan.state().history();
    this.recorded = history;
  }

  /**
   * Undoes.
   *
   * @throws Failure REFUSED or FAILED before the first statement has run; INCOMPLETE afterwards,
   *     with what is done
   * @throws Restoring instead of that where it was asked for
   */
  Undone run(Database session, Optional<String> made) {
    backup = made;
    ledger = RollbackQueries.ledgerCanBeWritten(session);
    guarded.export(session);
    losses = account.counted(session);
    request.refuseLoss(rows(losses), LossAccount.words(losses));
    List<Undone.Recorded> records = new ArrayList<>();
    long started = System.nanoTime();
    try {
      for (UndoStep step : plan.steps()) {
        records.add(step.isTransactional() ? script(session, step) : statements(session, step));
      }
      for (Migration vanishing : plan.vanishing()) {
        records.add(
            script(
                session, new UndoStep(vanishing, Optional.empty(), Optional.empty(), List.of())));
      }
    } catch (Failure broken) {
      throw told(broken);
    } catch (RuntimeException | Error defect) {
      // A program that is broken does not go on to bring a backup back.
      if (begun) {
        throw halfDone(Failure.unexpected(defect));
      }
      throw defect;
    }
    return new Undone(0, losses, records, System.nanoTime() - started, Optional.empty());
  }

  /** Whatever breaks after the first statement leaves something half done. */
  private RuntimeException told(Failure broken) {
    if (!begun) {
      return broken;
    }
    Failure incomplete = halfDone(broken);
    if (request.restoreOnFailure() && !changedByOthers()) {
      note("restoring", Map.of("why", broken.message()));
      return new Restoring(incomplete);
    }
    return incomplete;
  }

  private Failure halfDone(Failure broken) {
    return Failure.incomplete(
            broken.message(),
            done.isEmpty()
                ? "the first statement did not come to its end, and may have left something"
                : "done: " + String.join(", ", done),
            backup
                .map(id -> "belay backup-restore " + id)
                .orElse("mend the script by hand, from the statement that failed on"))
        .causedBy(broken);
  }

  /** What others migrated meanwhile is not taken away by bringing a backup back. */
  private boolean changedByOthers() {
    try (Database session = run.databases().open(run.target())) {
      refuseChanged(session);
      return false;
    } catch (Failure changed) {
      run.progress().warn("the backup is not brought back: " + changed.message());
      return true;
    }
  }

  /** A script that a transaction takes, and its record, in one. */
  private Undone.Recorded script(Database session, UndoStep step) {
    List<ScriptStatement> statements = of(step);
    ScriptPosition position = ScriptPosition.whole(name(step), statements.size());
    if (!statements.isEmpty()) {
      journal.step("step", position.before(backup));
    }
    Undone.Recorded answer =
        committed(
            guarded.run(
                session,
                "undoing " + step.migration().name(),
                history,
                execution -> execution.run(step),
                (was, lost) -> record(session, step, was.statements(), was.took(), lost)));
    if (!statements.isEmpty()) {
      note("step-done", position.after(backup));
    }
    return answer;
  }

  /** What is done is done, also where the journal cannot be written any more. */
  private void note(String step, Map<String, String> facts) {
    try {
      journal.step(step, facts);
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message());
    }
  }

  /** As Flyway runs such a script: each statement by itself, and then the record. */
  private Undone.Recorded statements(Database session, UndoStep step) {
    final long from = System.nanoTime();
    List<ScriptStatement> statements = of(step);
    int number = 0;
    for (ScriptStatement statement : statements) {
      number++;
      ScriptPosition position =
          new ScriptPosition(
              name(step), String.valueOf(number), statements.size(), statement.line());
      lock.check();
      journal.step("step", position.before(backup));
      LoneStatement lone =
          new LoneStatement(run, plan.app(), inTheWay, request.tries(), name(step), statement);
      if (statement.isTransactional() && !lone.isConcurrent()) {
        losses =
            guarded.run(
                session,
                "%s, line %d".formatted(name(step), statement.line()),
                history,
                execution -> execution.run(step, List.of(statement)),
                (was, lost) -> lost);
        begun = true;
      } else {
        alone(session, lone);
      }
      FailPoint.reached("rollback-step");
      done.add("%s, line %d".formatted(name(step), statement.line()));
      note("step-done", position.after(backup));
    }
    return committed(
        guarded.run(
            session,
            "recording " + step.migration().name(),
            history,
            execution -> step,
            (was, lost) ->
                record(
                    session,
                    step,
                    statements.size(),
                    Duration.ofNanos(System.nanoTime() - from),
                    lost)));
  }

  private void alone(Database session, LoneStatement lone) {
    refuseChanged(session);
    lone.refuseInvalid(session);
    boolean before = begun;
    begun = true;
    try {
      lone.run(session);
    } catch (Failure broken) {
      // Without its lock the statement has not begun.
      begun = before || lone.isConcurrent() || !SqlState.LOCK_NOT_AVAILABLE.isOf(broken);
      throw broken;
    }
  }

  /** A backup takes its time, and so do statements: applications may have started meanwhile. */
  private void refuseChanged(Database session) {
    Optional<Failure> running = Preflight.running(session, plan.app());
    if (running.isPresent()) {
      throw running.get();
    }
    if (!HistoryQueries.read(session, plan.app()).equals(history)) {
      throw Failure.refused(
          "the history of %s changed since the plan was made".formatted(plan.app().name()),
          "look at the new plan: run the same command again");
    }
  }

  private static String name(UndoStep step) {
    return step.script().map(UndoScript::name).orElse(step.migration().name());
  }

  private static List<ScriptStatement> of(UndoStep step) {
    return step.parsed().map(parsed -> parsed.statements()).orElse(List.of());
  }

  private Undone.Recorded committed(Undone.Recorded answer) {
    begun = true;
    history = recorded;
    recordedLoss = rows(losses);
    done.add("%s recorded".formatted(answer.migration()));
    return answer;
  }

  private static long rows(List<UndoLoss> losses) {
    return losses.stream().mapToLong(UndoLoss::rows).sum();
  }

  /** Within the transaction, and perhaps again. */
  private Undone.Recorded record(
      Database session, UndoStep step, int statements, Duration took, List<UndoLoss> lost) {
    losses = lost;
    AppliedMigration row =
        new Recording(session, plan.app(), request.hold())
            .of(step.migration(), step.script().map(UndoScript::name), took.toMillis());
    if (ledger) {
      UndoneEntries entries =
          new UndoneEntries(plan.app(), backup, account.files(), run.run().text());
      new UndoneLog(HistoryLock.table(plan.app()))
          .add(
              session,
              List.of(entries.of(step.migration(), step.script(), row, rows(lost) - recordedLoss)),
              version);
    }
    recorded = HistoryQueries.read(session, plan.app());
    return new Undone.Recorded(
        step.migration().name(),
        UndoneEntries.method(step.script()),
        row.installedRank(),
        row.type(),
        statements,
        took.toMillis());
  }
}
