package dev.belay.integrity;

import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Goes through the pages of a table in steps so short that other sessions hardly wait for the
 * processor, and rests after each as long as it took. What clients notice grows with the length of
 * one step, not with their number.
 */
final class PageWalk {
  private static final double FIRST_ROWS = 1000;
  private static final double FEWEST_ROWS = 500;
  private static final double MOST_ROWS = 4000;
  private static final long STEP_NANOS = 1_000_000;
  private static final long SHORTEST_REST_NANOS = 300_000;
  private static final long LONGEST_REST_NANOS = 20_000_000;

  /** Reads a range of pages. */
  @FunctionalInterface
  interface Step {
    /**
     * Reads it.
     *
     * @param to the first page that is not read; none: to the end, wherever that is
     */
    void read(long from, OptionalLong to);
  }

  private PageWalk() {}

  /**
   * Reads all pages.
   *
   * @param pages how many there are, as far as is known
   * @param rows how many rows are in them, as far as is known
   */
  static void over(long pages, double rows, Step step) {
    double perPage = pages > 0 && rows > 0 ? Math.max(1, rows / pages) : 50;
    double size = Math.max(1, FIRST_ROWS / perPage);
    long from = 0;
    boolean last;
    do {
      long to = from + Math.max(1, (long) size);
      last = to >= pages;
      long begin = System.nanoTime();
      step.read(from, last ? OptionalLong.empty() : OptionalLong.of(to));
      long took = System.nanoTime() - begin;
      rest(took);
      size *= Math.max(0.5, Math.min(1.5, (double) STEP_NANOS / Math.max(1, took)));
      size = Math.max(FEWEST_ROWS / perPage, Math.min(size, MOST_ROWS / perPage));
      from = to;
    } while (!last);
  }

  /** After something that took so long. */
  static void rest(long tookNanos) {
    LockSupport.parkNanos(Math.max(SHORTEST_REST_NANOS, Math.min(tookNanos, LONGEST_REST_NANOS)));
  }
}
