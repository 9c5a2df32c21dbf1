package dev.belay.notify;

import java.time.Duration;

/** The moment at which a delivery is given up, whatever it is waiting for. */
final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  /** So long from now. */
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left; never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  boolean passed() {
    return left().isZero();
  }

  /** The first of several that share what is left gets an equal part, and what others leave. */
  Deadline shared(int by) {
    return in(left().dividedBy(Math.max(1, by)));
  }

  /** The shorter of what is left and that. */
  Duration atMost(Duration time) {
    Duration left = left();
    return left.compareTo(time) < 0 ? left : time;
  }
}
