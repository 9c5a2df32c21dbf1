package dev.belay.watch;

import dev.belay.core.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * One try of the statement.
 *
 * @param took how long it took; empty when there was no answer to time
 * @param cut whether it was ended at its limit; it counts as slow, and not as failed
 * @param failure why it failed; empty when it did not
 */
record Probe(Optional<Duration> took, boolean cut, Optional<Failure> failure) {
  boolean failed() {
    return failure.isPresent();
  }

  double millis() {
    return took.map(time -> time.toNanos() / 1e6).orElse(0.0);
  }
}
