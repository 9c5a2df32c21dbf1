package dev.belay.notify;

import java.time.Duration;
import java.util.function.Function;

/**
 * How much a delivery may try.
 *
 * @param timeout of one try
 * @param deadline of all of them
 */
record Effort(Retrying retrying, Duration timeout, Deadline deadline) {
  /**
   * Does it, again where that may help.
   *
   * @param attempt gets how long it may take
   * @throws Undelivered when none did it
   */
  <T> T run(Function<Duration, T> attempt) {
    return retrying.run(
        deadline,
        () -> {
          if (deadline.passed()) {
            throw Undelivered.forGood("there was no time left to try");
          }
          return attempt.apply(deadline.atMost(timeout));
        });
  }
}
