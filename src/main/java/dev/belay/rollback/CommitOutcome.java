package dev.belay.rollback;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlan;
import java.time.Duration;

/** Finds out what became of a transaction whose connection was lost while it was committed. */
final class CommitOutcome {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 250;

  private final GuardedRun run;
  private final UndoPlan plan;

  CommitOutcome(GuardedRun run, UndoPlan plan) {
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
    long until = System.nanoTime() + PATIENCE.toNanos();
    String became = "unknown";
    String reason = lost.message();
    while (System.nanoTime() < until) {
      try (Database session = run.databases().open(run.target())) {
        became = RollbackQueries.became(session, transaction);
        if (!became.equals("in progress")) {
          break;
        }
        reason = "transaction %d is still in progress".formatted(transaction);
      } catch (Failure unreachable) {
        reason = unreachable.message();
      }
      pause();
    }
    return switch (became) {
      case "committed" -> {
        run.progress().step("the server says that it was committed");
        yield undone;
      }
      case "aborted" ->
          throw Failure.failed(
                  "the connection was lost during the commit, and the server says that everything was rolled back: "
                      + lost.message(),
                  "run the same command again")
              .causedBy(lost);
      default ->
          throw Failure.incomplete(
                  "the connection was lost during the commit, and what became of it could not be found out: "
                      + reason,
                  "transaction %d may have undone %s, wholly or not at all"
                      .formatted(transaction, plan.app().name()),
                  "psql -c 'select txid_status(%d)'; then: belay list-migrations"
                      .formatted(transaction))
              .causedBy(lost);
    };
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.incomplete(
          "interrupted while the server was asked what became of the commit",
          "it is not known whether the migrations were undone",
          "belay list-migrations");
    }
  }
}
