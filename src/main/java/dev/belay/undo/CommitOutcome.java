package dev.belay.undo;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;

/**
 * What became of a transaction whose connection was lost while it was committed.
 *
 * @param became the server's word
 * @param reason why it is not known; empty where it is
 */
public record CommitOutcome(Became became, String reason) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 250;

  /** The server's word for it. */
  public enum Became {
    COMMITTED,
    ABORTED,
    UNKNOWN
  }

  /**
   * Asks the server, in new sessions, until it knows, or for a minute.
   *
   * @param lost what the one who committed was told
   */
  public static CommitOutcome of(
      Databases databases, Target target, long transaction, Failure lost) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    String reason = lost.message();
    while (System.nanoTime() < until) {
      try (Database session = databases.open(target)) {
        String word = ExecutionQueries.became(session, transaction);
        if (word.equals("committed")) {
          return new CommitOutcome(Became.COMMITTED, "");
        }
        if (word.equals("aborted")) {
          return new CommitOutcome(Became.ABORTED, "");
        }
        if (!word.equals("in progress")) {
          return new CommitOutcome(Became.UNKNOWN, reason);
        }
        reason = "transaction %d is still in progress".formatted(transaction);
      } catch (Failure unreachable) {
        reason = unreachable.message();
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new CommitOutcome(Became.UNKNOWN, "interrupted while the server was asked");
      }
    }
    return new CommitOutcome(Became.UNKNOWN, reason);
  }
}
