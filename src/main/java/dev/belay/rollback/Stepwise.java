package dev.belay.rollback;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.Migration;
import dev.belay.flyway.ScriptSession;
import dev.belay.flyway.ScriptStatement;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.UndoneEntry;
import dev.belay.ledger.UndoneLog;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoExecution;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.io.Serial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes scripts that no transaction takes: statement by statement, each in the journal before and
 * after, and each migration recorded as soon as its script is through.
 */
final class Stepwise {
  private static final int TRIES = 12;

  private final GuardedRun run;
  private final UndoPlan plan;
  private final RollbackRequest request;
  private final LossAccount account;
  private final InTheWay inTheWay;
  private final OperationLock lock;
  private final Journal journal;
  private final String version;
  private final List<String> done = new ArrayList<>();
  private boolean begun;

  Stepwise(
      GuardedRun run,
      UndoPlan plan,
      RollbackRequest request,
      LossAccount account,
      InTheWay inTheWay,
      OperationLock lock,
      Journal journal,
      String version) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.account = account;
    this.inTheWay = inTheWay;
    this.lock = lock;
    this.journal = journal;
    this.version = version;
  }

  /** Thrown where a failed undo is to be answered by bringing the backup back. */
  static final class Restoring extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final Failure broken;

    Restoring(Failure broken) {
      super(broken);
      this.broken = broken;
    }

    Failure broken() {
      return broken;
    }
  }

  /**
   * Undoes.
   *
   * @throws Failure REFUSED or FAILED before the first statement has run; INCOMPLETE afterwards,
   *     with what is done
   * @throws Restoring instead of that where it was asked for
   */
  Undone run(Database session, Optional<String> backup) {
    account.export(session, table -> RollbackQueries.exists(session, table));
    FailPoint.reached("rollback-exported");
    List<UndoLoss> losses = account.counted(session);
    long lost = losses.stream().mapToLong(UndoLoss::rows).sum();
    request.refuseLoss(lost, LossAccount.words(losses));
    boolean ledger = RollbackQueries.ledgerCanBeWritten(session);
    List<Undone.Recorded> records = new ArrayList<>();
    long started = System.nanoTime();
    try {
      for (UndoStep step : plan.steps()) {
        lock.check();
        long from = System.nanoTime();
        int statements = step.isTransactional() ? 0 : outside(session, step);
        records.add(
            within(session, step, statements, from, ledger, backup, records.isEmpty() ? lost : 0));
      }
      for (Migration vanishing : plan.vanishing()) {
        UndoStep only = new UndoStep(vanishing, Optional.empty(), Optional.empty(), List.of());
        records.add(within(session, only, 0, System.nanoTime(), ledger, backup, 0));
      }
    } catch (Failure broken) {
      throw told(broken, backup);
    }
    return new Undone(0, losses, records, System.nanoTime() - started);
  }

  /** Whatever breaks after the first statement leaves something half done. */
  private RuntimeException told(Failure broken, Optional<String> backup) {
    if (!begun) {
      return broken;
    }
    Failure incomplete =
        Failure.incomplete(
                broken.message(),
                done.isEmpty()
                    ? "the first statement did not come to its end, and may have left something"
                    : "done: " + String.join(", ", done),
                backup
                    .map(id -> "belay backup-restore " + id)
                    .orElse("mend the script by hand, from the statement that failed on"))
            .causedBy(broken);
    if (request.restoreOnFailure()) {
      journal.step("restoring", Map.of("why", broken.message()));
      return new Restoring(incomplete);
    }
    return incomplete;
  }

  private int outside(Database session, UndoStep step) {
    String name = step.script().map(UndoScript::name).orElse(step.migration().name());
    List<ScriptStatement> statements =
        step.parsed().map(parsed -> parsed.statements()).orElse(List.of());
    int number = 0;
    for (ScriptStatement statement : statements) {
      number++;
      Map<String, String> facts =
          Map.of(
              "script", name,
              "statement", String.valueOf(number),
              "of", String.valueOf(statements.size()),
              "line", String.valueOf(statement.line()));
      journal.step("step", facts);
      begun = true;
      attempts(session, name, statement);
      FailPoint.reached("rollback-step");
      journal.step("step-done", facts);
      done.add("%s, line %d".formatted(name, statement.line()));
    }
    return number;
  }

  /** A lock that is not given in time takes only this statement back. */
  private void attempts(Database session, String name, ScriptStatement statement) {
    try {
      ScriptSession.beginOutside(session, plan.app());
      session.execute(
          "select pg_catalog.set_config('lock_timeout', ?, false)",
          Math.max(1, run.settings().lockTimeout().toMillis()) + "ms");
      for (int attempt = 1; ; attempt++) {
        try {
          statement.run(session);
          return;
        } catch (Failure broken) {
          if (attempt == TRIES || !SqlState.LOCK_NOT_AVAILABLE.isOf(broken)) {
            throw UndoExecution.told(name, statement, broken);
          }
          run.progress()
              .warn(
                  "%s, line %d: try %d: a lock was not given"
                      .formatted(name, statement.line(), attempt));
        }
      }
    } finally {
      settle(session);
    }
  }

  /** A session that is gone has no settings left. */
  private static void settle(Database session) {
    try {
      ScriptSession.end(session);
    } catch (Failure gone) {
      return;
    }
  }

  private Undone.Recorded within(
      Database session,
      UndoStep step,
      int already,
      long from,
      boolean ledger,
      Optional<String> backup,
      long lost) {
    return new LockLadder(run.databases(), run.settings().lockTimeout(), TRIES, inTheWay::blocked)
        .transaction(
            session,
            "recording " + step.migration().name(),
            () -> {
              HistoryLock.take(session, plan.app());
              if (!HistoryQueries.read(session, plan.app())
                  .rows()
                  .contains(Recording.applied(step.migration()))) {
                throw Failure.refused(
                    "the history of %s changed meanwhile".formatted(plan.app().name()),
                    "see the state with: belay list-migrations");
              }
              int statements = already;
              if (step.isTransactional() && step.parsed().isPresent()) {
                statements = UndoExecution.begin(session, plan.app()).run(step).statements();
                begun = true;
              }
              Duration took = Duration.ofNanos(System.nanoTime() - from);
              AppliedMigration row =
                  new Recording(session, plan.app(), request.hold())
                      .of(step.migration(), step.script().map(UndoScript::name), took.toMillis());
              if (ledger) {
                new UndoneLog(HistoryLock.table(plan.app()))
                    .add(session, List.of(entry(step, row, lost, backup)), version);
              }
              done.add("%s recorded".formatted(step.migration().name()));
              return new Undone.Recorded(
                  step.migration().name(),
                  Undoing.method(step.script()),
                  row.installedRank(),
                  row.type(),
                  statements,
                  took.toMillis());
            });
  }

  private UndoneEntry entry(
      UndoStep step, AppliedMigration row, long lost, Optional<String> backup) {
    AppliedMigration applied = Recording.applied(step.migration());
    return new UndoneEntry(
        plan.app().name(),
        step.migration().version(),
        applied.description(),
        applied.installedRank(),
        applied.script(),
        Undoing.method(step.script()),
        step.script().map(UndoScript::sha256),
        row.isDelete() ? UndoneEntry.RecordedAs.REOPEN : UndoneEntry.RecordedAs.HOLD,
        row.installedRank(),
        lost,
        backup,
        account.files().stream().map(Path::toString).toList(),
        run.run().text());
  }
}
