package dev.belay.rollback;

import dev.belay.core.Failure;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.CommitOutcome;
import dev.belay.undo.UndoPlan;

/** Finds out what became of a transaction whose connection was lost while it was committed. */
final class LostCommit {
  private final GuardedRun run;
  private final UndoPlan plan;

  LostCommit(GuardedRun run, UndoPlan plan) {
    this.run = run;
    this.plan = plan;
  }

  /**
   * Asks the server, in new sessions, until it knows.
   *
   * @param undone what the transaction did if it was committed
   * @throws Failure FAILED when it was rolled back; INCOMPLETE when that cannot be found out
   */
  Undone settle(long transaction, Undone undone, Failure lost) {
    run.progress()
        .warn("the connection was lost during the commit; asking the server what became of it");
    CommitOutcome outcome = CommitOutcome.of(run.databases(), run.target(), transaction, lost);
    return switch (outcome.became()) {
      case COMMITTED -> {
        run.progress().step("the server says that it was committed");
        yield undone;
      }
      case ABORTED ->
          throw Failure.failed(
                  "the connection was lost during the commit, and the server says that everything was rolled back: "
                      + lost.message(),
                  "run the same command again")
              .causedBy(lost);
      case UNKNOWN ->
          throw Failure.incomplete(
                  "the connection was lost during the commit, and what became of it could not be found out: "
                      + outcome.reason(),
                  "transaction %d may have undone %s, wholly or not at all"
                      .formatted(transaction, plan.app().name()),
                  "psql -c 'select txid_status(%d)'; then: belay list-migrations"
                      .formatted(transaction))
              .causedBy(lost);
    };
  }
}
