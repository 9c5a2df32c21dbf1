package dev.belay.watch;

import org.jspecify.annotations.Nullable;

/** How long probes took: percentiles within 5 %, in constant memory however many there are. */
final class Latencies {
  private static final double STEP = Math.log(1.05);
  private static final int BUCKETS = 512;

  private final long[] buckets = new long[BUCKETS];
  private long count;
  private double sum;
  private double most;

  void add(double millis) {
    // The first bucket ends at a hundredth of a millisecond.
    int bucket = (int) Math.ceil(Math.log(Math.max(millis, 0.01) / 0.01) / STEP);
    buckets[Math.min(BUCKETS - 1, Math.max(0, bucket))]++;
    count++;
    sum += millis;
    most = Math.max(most, millis);
  }

  /** In milliseconds; null: there was none. */
  @Nullable Double average() {
    return count == 0 ? null : Double.valueOf(rounded(sum / count));
  }

  /** In milliseconds; null: there was none. */
  @Nullable Double most() {
    return count == 0 ? null : Double.valueOf(rounded(most));
  }

  /** In milliseconds, such that this share of all took no longer; null: there was none. */
  @Nullable Double percentile(double share) {
    if (count == 0) {
      return null;
    }
    long wanted = (long) Math.ceil(share / 100 * count);
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += buckets[bucket];
      if (seen >= wanted) {
        return bucket == BUCKETS - 1
            ? most()
            : Double.valueOf(rounded(Math.min(most, 0.01 * Math.exp(STEP * bucket))));
      }
    }
    return most();
  }

  private static double rounded(double millis) {
    return Math.round(millis * 100) / 100.0;
  }
}
