package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a transaction that needs a strong lock without ever making others queue behind it for long:
 * each try sets {@code lock_timeout} again (a rollback takes it away), and between tries it waits,
 * longer each time. Only lock errors are tried again.
 */
public final class LockLadder {
  private final Duration lockTimeout;
  private final int tries;
  private final Consumer<String> notice;

  /**
   * @param lockTimeout how long one try may wait for a lock
   * @param tries how often it is tried in all
   * @param notice is told of every try that failed
   */
  public LockLadder(Duration lockTimeout, int tries, Consumer<String> notice) {
    this.lockTimeout = lockTimeout;
    this.tries = tries;
    this.notice = notice;
  }

  /**
   * Runs {@code work} in one transaction of {@code database}.
   *
   * @throws Failure UNAVAILABLE when no try got its locks; everything was rolled back then
   */
  public <T> T run(Database database, Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return database.inTransaction(
            () -> {
              database.execute("set local lock_timeout = " + lockTimeout.toMillis());
              return work.get();
            });
      } catch (Failure failure) {
        if (!isLockError(failure) || attempt >= tries) {
          throw failure;
        }
        long pause = pauseMillis(attempt);
        notice.accept(
            "try %d of %d: %s; trying again in %s"
                .formatted(
                    attempt, tries, failure.message(), Units.duration(Duration.ofMillis(pause))));
        sleep(pause);
      }
    }
  }

  private static boolean isLockError(Failure failure) {
    return SqlState.LOCK_NOT_AVAILABLE.isOf(failure)
        || SqlState.OBJECT_IN_USE.isOf(failure)
        || SqlState.DEADLOCK_DETECTED.isOf(failure);
  }

  /** Doubles from 50 ms to 3.2 s, with up to half of it added by chance. */
  private static long pauseMillis(int attempt) {
    long base = 50L << Math.min(attempt - 1, 6);
    return base + ThreadLocalRandom.current().nextLong(base / 2 + 1);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("the wait for a lock was interrupted", "run the command again");
    }
  }
}
