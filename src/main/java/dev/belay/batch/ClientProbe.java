package dev.belay.batch;

import java.util.Arrays;

/**
 * What a client notices, measured by being one: how long a small committed write takes now, against
 * what it took before. Not for several threads.
 */
final class ClientProbe {
  private static final int WINDOW = 24;

  private final long[] window = new long[WINDOW];
  private int seen;
  private double before;

  /** What it takes while nothing is done. */
  void begin(long[] nanos) {
    before = middle(nanos, nanos.length);
  }

  void add(long nanos) {
    window[seen++ % WINDOW] = nanos;
  }

  /** So many times as long as before; 1 as long as too little is known. */
  double slowdown() {
    return before <= 0 || seen < WINDOW / 2 ? 1 : middle(window, Math.min(seen, WINDOW)) / before;
  }

  /** The upper quartile: what most clients get, without the odd checkpoint. */
  private static double middle(long[] nanos, int number) {
    long[] sorted = Arrays.copyOf(nanos, number);
    Arrays.sort(sorted);
    return sorted[number * 3 / 4];
  }
}
