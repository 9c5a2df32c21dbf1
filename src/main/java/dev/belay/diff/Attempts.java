package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Does a step of a transaction under a lock timeout, and again where somebody was in the way. What
 * breaks leaves the transaction as it was before the step.
 */
final class Attempts {
  private static final int MOST = 4;
  private static final long PAUSE_MILLIS = 100;

  private final Database session;
  private final Supplier<String> blockers;
  private final Duration lockTimeout;
  private final Progress progress;

  /**
   * @param blockers tells who was in the way, in words, when a lock was not given
   */
  Attempts(Database session, Supplier<String> blockers, Duration lockTimeout, Progress progress) {
    this.session = session;
    this.blockers = blockers;
    this.lockTimeout = lockTimeout;
    this.progress = progress;
  }

  /**
   * Does it.
   *
   * @param what is done, in words, such as {@code writing public.orders}
   * @throws Failure UNAVAILABLE when locks are not given; else what the step throws
   */
  <T> T step(String what, Supplier<T> step) {
    for (int attempt = 1; ; attempt++) {
      session.execute("savepoint belay_step");
      session.execute("set local lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
      try {
        T answer = step.get();
        session.execute("release savepoint belay_step");
        return answer;
      } catch (Failure broken) {
        if (SqlState.lostConnection(broken)) {
          throw broken;
        }
        session.execute("rollback to savepoint belay_step");
        if (!SqlState.LOCK_NOT_AVAILABLE.isOf(broken)) {
          throw broken;
        }
        String inTheWay = blockers.get();
        if (attempt == MOST) {
          throw waited(what, inTheWay).causedBy(broken);
        }
        progress.warn(what + " is tried again, since in the way was " + inTheWay);
        pause(PAUSE_MILLIS << attempt);
      }
    }
  }

  private Failure waited(String what, String inTheWay) {
    return Failure.unavailable(
        "%s would have to wait longer than %s for a lock; in the way: %s"
            .formatted(what, Units.duration(lockTimeout), inTheWay),
        "end it with pg_terminate_backend, or wait longer: --set lock-timeout=30s");
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("the merge was interrupted", "run the command again");
    }
  }
}
