package dev.belay.batch;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Where each batch waits until it may begin. Every reason to wait is told once, as it changes. */
final class Gate {
  private static final long LOOK_NANOS = 50_000_000;
  private static final long ADAPT_NANOS = 500_000_000;

  /** So long next to nothing is done before it is held against what clients get then. */
  private static final long LEAST_NANOS = 3_000_000_000L;

  private final Throttle throttle;
  private final Tempo tempo;
  private final Progress progress;
  private Optional<String> told = Optional.empty();
  private long adaptedAt = System.nanoTime();

  Gate(Throttle throttle, Tempo tempo, Progress progress) {
    this.throttle = throttle;
    this.tempo = tempo;
    this.progress = progress;
  }

  /**
   * Waits for the pause to be over, and then for as long as there is a reason to.
   *
   * @return false: somebody wants it to end
   */
  boolean open(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    while (true) {
      if (throttle.isAborting()) {
        return false;
      }
      Optional<String> reason = throttle.reason();
      tell(reason);
      long left = until - System.nanoTime();
      if (left <= 0 && reason.isEmpty()) {
        adapt();
        return true;
      }
      if (Thread.interrupted() || Cleanup.interrupted()) {
        throw Failure.failed("ended by a signal", "run the same command again: it goes on");
      }
      LockSupport.parkNanos(reason.isPresent() ? LOOK_NANOS : Math.min(left, LOOK_NANOS));
    }
  }

  private void tell(Optional<String> reason) {
    // What it says may hold numbers that change all the time; the kind of reason is what counts.
    if (kind(reason).equals(kind(told))) {
      return;
    }
    if (reason.isPresent()) {
      progress.warn("waiting: " + progress.toPaste(reason.get()));
    } else {
      progress.step("going on");
    }
    told = reason;
  }

  private static String kind(Optional<String> reason) {
    return reason.map(text -> text.replaceAll("[0-9.,]+", "0")).orElse("");
  }

  private void adapt() {
    long now = System.nanoTime();
    if (!tempo.adapts() || now - adaptedAt < ADAPT_NANOS || !throttle.knowsSlowdown()) {
      return;
    }
    if (tempo.isLeast() && now - adaptedAt < LEAST_NANOS) {
      return;
    }
    adaptedAt = now;
    boolean least = tempo.isLeast() && throttle.slowdown() > Tempo.TOO_SLOW;
    tempo.clients(throttle.slowdown());
    throttle.changed(least);
  }
}
