package dev.belay.rehearse;

/**
 * How long statements took, in constant memory: exact for the slowest, within a twentieth for all
 * others. Not for use by several threads at once.
 */
final class Latencies {
  private static final double STEP = Math.log(1.05);

  /** From a microsecond to some days. */
  private final long[] buckets = new long[560];

  private long count;
  private long max;

  /** Adds one, in microseconds. */
  void add(long micros) {
    long value = Math.max(1, micros);
    int bucket = (int) Math.ceil(Math.log((double) value) / STEP);
    buckets[Math.min(bucket, buckets.length - 1)]++;
    count++;
    max = Math.max(max, value);
  }

  /** Adds all of another one. */
  void add(Latencies other) {
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      buckets[bucket] += other.buckets[bucket];
    }
    count += other.count;
    max = Math.max(max, other.max);
  }

  long count() {
    return count;
  }

  /** The slowest, in microseconds; 0 where there is none. */
  long max() {
    return max;
  }

  /** That share of them took no longer, in microseconds; 0 where there is none. */
  long percentile(double share) {
    long wanted = (long) Math.ceil(count * share);
    long seen = 0;
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      seen += buckets[bucket];
      if (seen >= wanted && seen > 0) {
        return Math.min(max, Math.round(Math.exp(bucket * STEP)));
      }
    }
    return max;
  }
}
