package dev.belay.batch;

import java.time.Duration;

/**
 * How many rows the next batch has, and how long the pause before it is. What clients notice grows
 * with the time that one batch takes, so that time is what is steered to; and where clients are
 * slower than they were before, less of it is taken, and longer pauses.
 */
final class Tempo {
  private static final int FIRST_ROWS = 50;
  private static final int MOST_ROWS = 10_000;
  private static final double LONGEST_MILLIS = 3.0;
  private static final double USUAL_MILLIS = 2.5;
  private static final double SHORTEST_MILLIS = 1.0;
  private static final double LONGEST_PAUSE = 2.0;
  private static final double SHORTEST_PAUSE = 0.5;

  /** Clients that take so many times as long as before are slowed down too much. */
  private static final double TOO_SLOW = 2.0;

  private static final double SLOW_ENOUGH = 1.5;

  private final BatchPace pace;
  private double rows;
  private double targetMillis = USUAL_MILLIS;
  private double pause = SHORTEST_PAUSE;

  Tempo(BatchPace pace) {
    this.pace = pace;
    this.rows = pace.rows().orElse(FIRST_ROWS);
  }

  boolean adapts() {
    return pace.rows().isEmpty();
  }

  int rows() {
    return (int) rows;
  }

  /**
   * A batch is done.
   *
   * @param full whether it had as many rows as it could
   * @return the pause after it
   */
  Duration done(long nanos, boolean full) {
    if (!adapts()) {
      return pace.delay();
    }
    double millis = Math.max(0.01, nanos / 1e6);
    if (full) {
      rows = Math.max(10, Math.min(MOST_ROWS, rows * clamp(targetMillis / millis, 0.5, 1.5)));
    }
    return Duration.ofNanos((long) (pause * Math.min(millis, 10 * targetMillis) * 1e6));
  }

  /** A batch could not be done in time. */
  void tooLong() {
    rows = Math.max(1, rows / 2);
  }

  /**
   * So many times as long as before the begin do clients take now.
   *
   * @param slowdown 1: as before
   */
  void clients(double slowdown) {
    if (slowdown > TOO_SLOW) {
      targetMillis = Math.max(SHORTEST_MILLIS, targetMillis * 0.9);
      pause = Math.min(LONGEST_PAUSE, pause * 1.1);
    } else if (slowdown < SLOW_ENOUGH) {
      targetMillis = Math.min(LONGEST_MILLIS, targetMillis * 1.02);
      pause = Math.max(SHORTEST_PAUSE, pause / 1.05);
    }
  }

  private static double clamp(double value, double least, double most) {
    return Math.max(least, Math.min(most, value));
  }
}
