package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs a transaction whose statements wait for a lock only briefly, and again from its begin, after
 * longer and longer pauses, where somebody was in the way. So nobody queues behind it for long: a
 * statement that waits for a strong lock stops everybody who comes after it.
 */
public final class LockLadder {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final Databases databases;
  private final Duration lockTimeout;
  private final int tries;
  private final BiConsumer<Integer, List<Blocker>> blocked;

  /**
   * @param lockTimeout how long each statement waits for a lock
   * @param tries how often it is tried in all
   * @param blocked told after each try but the last: which try it was, and who was in the way
   */
  public LockLadder(
      Databases databases,
      Duration lockTimeout,
      int tries,
      BiConsumer<Integer, List<Blocker>> blocked) {
    this.databases = databases;
    this.lockTimeout = lockTimeout;
    this.tries = tries;
    this.blocked = blocked;
  }

  /**
   * Does the work in a transaction of the session, which must not be in one. Work that is done
   * again must not remember what an earlier try did.
   *
   * @param what is done, in words, such as {@code undoing V4__remove_x}
   * @throws Failure UNAVAILABLE when the locks are not to be had, with who holds them; else as
   *     {@link Database#inTransaction}
   */
  public <T> T transaction(Database session, String what, Supplier<T> work) {
    return climb(
        session,
        what,
        () ->
            session.inTransaction(
                () -> {
                  // A rollback takes the setting away with everything else, so it is made each
                  // time.
                  limit(session, true);
                  return work.get();
                }));
  }

  /**
   * Runs a statement that no transaction takes. The limit stays in the session.
   *
   * @throws Failure as {@link #transaction}
   */
  public <T> T statement(Database session, String what, Supplier<T> work) {
    limit(session, false);
    return climb(session, what, work);
  }

  private void limit(Database session, boolean inTransaction) {
    session.execute(
        "select pg_catalog.set_config('lock_timeout', ?, ?)",
        Math.max(1, lockTimeout.toMillis()) + "ms",
        inTransaction);
  }

  private <T> T climb(Database session, String what, Supplier<T> work) {
    try (BlockerWatch watch = BlockerWatch.of(databases, session, lockTimeout)) {
      for (int attempt = 1; ; attempt++) {
        try {
          return work.get();
        } catch (Failure broken) {
          boolean again =
              SqlState.LOCK_NOT_AVAILABLE.isOf(broken) || SqlState.DEADLOCK_DETECTED.isOf(broken);
          if (!again || SqlState.lostConnection(broken)) {
            throw broken;
          }
          List<Blocker> inTheWay = watch.take();
          if (attempt >= tries) {
            throw notGiven(what, inTheWay).causedBy(broken);
          }
          blocked.accept(attempt, inTheWay);
          pause(attempt);
        }
      }
    }
  }

  private Failure notGiven(String what, List<Blocker> inTheWay) {
    String who = inTheWay.stream().map(Blocker::wordsWithQuery).collect(Collectors.joining("; "));
    return Failure.unavailable(
        "%s: a lock was not given in %s of %s each; in the way: %s"
            .formatted(
                what,
                Units.count(tries, "try", "tries"),
                Units.duration(lockTimeout),
                who.isEmpty() ? "a session that is done by now" : who),
        inTheWay.isEmpty()
            ? "run the same command again"
            : "wait for it, or end it with: psql -c 'select pg_terminate_backend(%d)'"
                .formatted(inTheWay.get(0).pid()));
  }

  /** Doubling, and half of it by chance, so that two who wait do not meet again. */
  private static void pause(int attempt) {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 10));
    try {
      Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("interrupted while waiting for a lock", "run the same command again");
    }
  }
}
