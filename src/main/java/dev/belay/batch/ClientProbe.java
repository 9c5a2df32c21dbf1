package dev.belay.batch;

import java.util.Arrays;

/**
 * What a client notices, measured by being one: how long a small committed write takes now, against
 * what it took before. Not for several threads.
 */
final class ClientProbe {
  private static final int WINDOW = 12;

  /** With fewer probes nothing is said. */
  private static final int FEWEST = 5;

  private final long[] window = new long[WINDOW];
  private int seen;
  private double first;
  private double before;

  /** What it takes while nothing is done. */
  void begin(long[] nanos) {
    first = middle(nanos, nanos.length);
    before = first;
  }

  void add(long nanos) {
    window[seen++ % WINDOW] = nanos;
  }

  /** Whether enough is known of what clients get since the last change. */
  boolean knows() {
    return seen >= FEWEST;
  }

  /** Something was changed, and what was seen before says nothing of it. */
  void forget() {
    if (knows()) {
      before = Math.max(first, Math.min(before, middle(window, Math.min(seen, WINDOW))));
    }
    seen = 0;
  }

  /** What it takes now is what it takes without batches, of which there were hardly any. */
  void beginAgain() {
    if (seen >= WINDOW) {
      before = middle(window, WINDOW);
      seen = 0;
    }
  }

  /** So many times as long as before; 1 as long as too little is known. */
  double slowdown() {
    return before <= 0 || seen < FEWEST ? 1 : middle(window, Math.min(seen, WINDOW)) / before;
  }

  /** The upper quartile: what most clients get, without the odd checkpoint. */
  private static double middle(long[] nanos, int number) {
    long[] sorted = Arrays.copyOf(nanos, number);
    Arrays.sort(sorted);
    return sorted[number * 3 / 4];
  }
}
