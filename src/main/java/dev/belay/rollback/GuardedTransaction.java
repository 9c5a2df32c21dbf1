package dev.belay.rollback;

import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.BeyondRollback;
import dev.belay.undo.UndoEffects;
import dev.belay.undo.UndoExecution;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One transaction of an undo, in which nothing goes that was not exported, counted and accepted:
 * Flyway's lock, the tables that lose something, the statements, and a look at what they did.
 */
final class GuardedTransaction {
  /** Scripts may do other things where other things are there; more rounds than that is a ring. */
  private static final int ROUNDS = 4;

  private final GuardedRun run;
  private final UndoPlan plan;
  private final RollbackRequest request;
  private final LossAccount account;
  private final InTheWay inTheWay;
  private final OperationLock lock;
  private final Journal journal;
  private final AtomicInteger tries = new AtomicInteger();
  private final AtomicLong heldSince = new AtomicLong();

  GuardedTransaction(
      GuardedRun run,
      UndoPlan plan,
      RollbackRequest request,
      LossAccount account,
      InTheWay inTheWay,
      OperationLock lock,
      Journal journal) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.account = account;
    this.inTheWay = inTheWay;
    this.lock = lock;
    this.journal = journal;
  }

  /** How often transactions were tried. */
  int tries() {
    return tries.get();
  }

  /** How long the newest try has held its locks. */
  long heldNanos() {
    return System.nanoTime() - heldSince.get();
  }

  /**
   * Runs statements of scripts and records them; both may be done several times.
   *
   * @param what is done, in words
   * @param expected the history as it must be before
   * @param scripts runs the statements
   * @param records writes down what was done; is given all that is lost by now
   * @throws Failure REFUSED when more would be lost than was accepted, or the history is another;
   *     UNAVAILABLE when a lock is not to be had; FAILED when a script fails. In all these cases
   *     the transaction was rolled back. INCOMPLETE when that is not so, or not known.
   */
  <S, T> T run(
      Database session,
      String what,
      MigrationHistory expected,
      Function<UndoExecution, S> scripts,
      BiFunction<S, List<UndoLoss>, T> records) {
    for (int round = 1; ; round++) {
      export(session);
      FailPoint.reached("rollback-exported");
      lock.check();
      BeyondRollback beyond = BeyondRollback.read(session);
      try {
        T answer =
            new LockLadder(
                    run.databases(),
                    run.settings().lockTimeout(),
                    request.tries(),
                    (attempt, blockers) -> {
                      beyond.putBack(session);
                      inTheWay.blocked(attempt, blockers);
                    })
                .transaction(session, what, () -> once(session, expected, scripts, records));
        account.committed();
        return answer;
      } catch (Unforeseen more) {
        beyond.putBack(session);
        if (round == ROUNDS) {
          throw Failure.refused(
              "the scripts destroy something else with each try: "
                  + LossAccount.words(more.losses()),
              "run them in a scratch database and look: belay check-migrations");
        }
        account.add(more.losses());
      }
    }
  }

  /** Exports what has not been yet, outside of the transaction. */
  void export(Database session) {
    if (account.export(session, table -> RollbackQueries.exists(session, table))) {
      journal.step("exported", Map.of("files", String.join("\n", account.files())));
    }
  }

  private <S, T> T once(
      Database session,
      MigrationHistory expected,
      Function<UndoExecution, S> scripts,
      BiFunction<S, List<UndoLoss>, T> records) {
    tries.incrementAndGet();
    account.begin();
    HistoryLock.take(session, plan.app());
    if (!HistoryQueries.read(session, plan.app()).equals(expected)) {
      throw Failure.refused(
          "the history of %s changed since the plan was made".formatted(plan.app().name()),
          "look at the new plan: run the same command again");
    }
    heldSince.set(System.nanoTime());
    account.lock(session);
    List<UndoLoss> counted = account.counted(session);
    refuseLoss(account.withEarlier(counted));
    account.exportLatecomers(session);
    final UndoEffects before = UndoEffects.before(session);
    final Set<String> ledger = RollbackQueries.ledgerTables(session);
    UndoExecution execution = UndoExecution.begin(session, plan.app());
    S done = scripts.apply(execution);
    if (!RollbackQueries.ledgerTables(session).containsAll(ledger)) {
      throw Failure.refused(
          "a script drops, empties or changes tables of the ledger, the schema belay",
          "take that out of the undo script");
    }
    List<UndoLoss> lost = account.settled(counted, before.after(session));
    refuseLoss(lost);
    T answer = records.apply(done, lost);
    String number = String.valueOf(execution.transaction());
    journal.step(
        "committing",
        Map.of(
            "transaction",
            number,
            Journal.HINT,
            "the server knows whether it was committed: psql -c 'select txid_status(%s)'; or: belay list-migrations"
                .formatted(number)));
    FailPoint.reached("rollback-before-commit");
    return answer;
  }

  private void refuseLoss(List<UndoLoss> losses) {
    request.refuseLoss(losses.stream().mapToLong(UndoLoss::rows).sum(), LossAccount.words(losses));
  }
}
