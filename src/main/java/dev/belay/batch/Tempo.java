package dev.belay.batch;

import java.time.Duration;

/**
 * How many rows the next batch has, and how long the pause before it is. What clients notice grows
 * with the time that one batch takes, so that time is what is steered to; and where clients are
 * slower than they were before, less of it is taken, and much longer pauses: what is taken falls by
 * half, again and again, and comes back in small steps.
 */
final class Tempo {
  private static final int FIRST_ROWS = 50;
  private static final int MOST_ROWS = 10_000;
  private static final double LONGEST_MILLIS = 3.0;
  private static final double USUAL_MILLIS = 2.5;
  private static final double SHORTEST_MILLIS = 1.0;

  /** Of each moment so much is for batches at most: the pause is half as long as the batch. */
  private static final double LARGEST_SHARE = 2.0 / 3;

  private static final double FIRST_SHARE = 0.2;

  /** Pauses of some hundred times the batch. */
  private static final double SMALLEST_SHARE = 0.005;

  /** Clients that take so many times as long as before are slowed down too much. */
  static final double TOO_SLOW = 2.0;

  /** A backlog grows, and every moment makes it longer. */
  private static final double MUCH_TOO_SLOW = 4.0;

  private static final double SLOW_ENOUGH = 1.5;
  private static final double STEP = 0.04;

  private final BatchPace pace;
  private double rows;
  private double targetMillis = USUAL_MILLIS;
  private double share = FIRST_SHARE;

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
    double pause = (1 - share) / share;
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
      share = Math.max(SMALLEST_SHARE, share * (slowdown > MUCH_TOO_SLOW ? 0.25 : 0.5));
    } else if (slowdown < SLOW_ENOUGH) {
      targetMillis = Math.min(LONGEST_MILLIS, targetMillis * 1.02);
      share = Math.min(LARGEST_SHARE, share + Math.min(STEP, share));
    }
  }

  /** Whether nearly nothing is taken any more, so that clients are slow for another reason. */
  boolean isLeast() {
    return share <= 2 * SMALLEST_SHARE;
  }

  private static double clamp(double value, double least, double most) {
    return Math.max(least, Math.min(most, value));
  }
}
