package dev.belay.incident;

import java.util.ArrayList;
import java.util.List;

/**
 * One measured value over time in at most {@link #MOST_BUCKETS} parts, each with its lowest and its
 * highest value, so that no peak is lost however many samples there were.
 */
final class Series {
  /** Twice as many points are drawn at most. */
  static final int MOST_BUCKETS = 480;

  private final String label;
  private final double from;
  private final double width;
  private final double[] lowest = new double[MOST_BUCKETS];
  private final double[] highest = new double[MOST_BUCKETS];
  private final long[] lowestAt = new long[MOST_BUCKETS];
  private final long[] highestAt = new long[MOST_BUCKETS];
  private final long[] samples = new long[MOST_BUCKETS];
  private long count;
  private double sum;
  private double last;

  /** A point: when, in milliseconds since the beginning, and the value. */
  record Point(long at, double value) {}

  /**
   * @param from the first moment, in milliseconds since the beginning
   * @param to the last one
   */
  Series(String label, long from, long to) {
    this.label = label;
    this.from = from;
    this.width = Math.max(1.0, (to - from + 1.0) / MOST_BUCKETS);
  }

  void add(long at, double value) {
    int bucket = (int) Math.max(0, Math.min(MOST_BUCKETS - 1, Math.floor((at - from) / width)));
    if (samples[bucket] == 0 || value < lowest[bucket]) {
      lowest[bucket] = value;
      lowestAt[bucket] = at;
    }
    if (samples[bucket] == 0 || value > highest[bucket]) {
      highest[bucket] = value;
      highestAt[bucket] = at;
    }
    samples[bucket]++;
    count++;
    sum += value;
    last = value;
  }

  String label() {
    return label;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Whether there is anything but zeros in it. */
  boolean isFlatZero() {
    return points().stream().allMatch(point -> point.value() == 0);
  }

  double average() {
    return sum / Math.max(1, count);
  }

  double last() {
    return last;
  }

  Point lowest() {
    return points().stream()
        .reduce((one, other) -> other.value() < one.value() ? other : one)
        .orElse(new Point(0, 0));
  }

  Point highest() {
    return points().stream()
        .reduce((one, other) -> other.value() > one.value() ? other : one)
        .orElse(new Point(0, 0));
  }

  /** How long a part is, in milliseconds. */
  double bucketMillis() {
    return width;
  }

  /** In the order of time, at most two of each part. */
  List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int bucket = 0; bucket < MOST_BUCKETS; bucket++) {
      if (samples[bucket] > 0) {
        Point low = new Point(lowestAt[bucket], lowest[bucket]);
        Point high = new Point(highestAt[bucket], highest[bucket]);
        if (low.equals(high)) {
          points.add(low);
        } else if (low.at() <= high.at()) {
          points.add(low);
          points.add(high);
        } else {
          points.add(high);
          points.add(low);
        }
      }
    }
    return points;
  }
}
