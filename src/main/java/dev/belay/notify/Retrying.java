package dev.belay.notify;

import dev.belay.core.Units;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Tries again what failed only for now, with pauses that grow and are never the same, and as long
 * as the other side asks for, until the deadline.
 *
 * @param tries in all, the first one too
 * @param pause before the second try; doubled before each further one
 */
record Retrying(int tries, Duration pause) {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /**
   * Does it, again where that may help.
   *
   * @throws Undelivered the last one, with the number of tries
   */
  <T> T run(Deadline deadline, Supplier<T> attempt) {
    int[] made = {0};
    RetryPolicy<T> policy =
        RetryPolicy.<T>builder()
            .handleIf(
                thrown ->
                    thrown instanceof Undelivered lost
                        && lost.passing()
                        && pauseAfter(lost, 0).compareTo(deadline.left()) < 0)
            .withMaxAttempts(tries)
            .withDelayFnOn(
                context ->
                    context.getLastException() instanceof Undelivered lost
                        ? jittered(pauseAfter(lost, context.getAttemptCount() - 1))
                        : pause,
                Undelivered.class)
            .build();
    try {
      return Failsafe.with(policy)
          .get(
              () -> {
                made[0]++;
                return attempt.get();
              });
    } catch (Undelivered lost) {
      throw Undelivered.forGood(lost.reason() + said(lost, made[0], deadline));
    }
  }

  private Duration pauseAfter(Undelivered lost, int before) {
    Duration growing = pause.multipliedBy(1L << Math.min(before, 10));
    Duration own = growing.compareTo(LONGEST_PAUSE) < 0 ? growing : LONGEST_PAUSE;
    Duration asked = lost.after().orElse(Duration.ZERO);
    return asked.compareTo(own) > 0 ? asked : own;
  }

  /** Up to a quarter longer, never shorter: what the other side asks for is the least. */
  private static Duration jittered(Duration pause) {
    long quarter = pause.toNanos() / 4;
    return quarter == 0
        ? pause
        : pause.plusNanos(ThreadLocalRandom.current().nextLong(quarter + 1));
  }

  private String said(Undelivered lost, int made, Deadline deadline) {
    String tries = made == 1 ? "" : " (" + made + " tries)";
    boolean tooLong =
        lost.passing() && made < this.tries && lost.after().isPresent() && !deadline.passed();
    return tooLong
        ? tries + ", and asks to be left alone for " + Units.duration(lost.after().get())
        : tries;
  }
}
