package dev.belay.diff;

import java.util.ArrayList;
import java.util.List;

/**
 * Ascending values of a {@link RangeKey} that divide a relation. Chunk 0 is everything up to the
 * first, included; the last chunk everything beyond the last.
 *
 * @param values for each bound, the text of each column
 */
record Bounds(List<List<String>> values) {
  /** A run of neighbouring chunks: beyond the bound before it, up to its last bound. */
  record Range(int from, int to) {}

  Bounds {
    values = List.copyOf(values);
  }

  int chunks() {
    return values.size() + 1;
  }

  /** The chunks of these numbers, neighbours joined. */
  static List<Range> ranges(List<Integer> chunks) {
    List<Range> ranges = new ArrayList<>();
    for (int chunk : chunks) {
      int last = ranges.size() - 1;
      if (last >= 0 && ranges.get(last).to() == chunk - 1) {
        ranges.set(last, new Range(ranges.get(last).from(), chunk));
      } else {
        ranges.add(new Range(chunk, chunk));
      }
    }
    return ranges;
  }

  /** Whether a range has a bound on both ends. */
  boolean closed(Range range) {
    return range.from() > 0 && range.to() < values.size();
  }

  /** The values beyond which a range begins. */
  List<String> below(Range range) {
    return values.get(range.from() - 1);
  }

  /** The values with which a range ends. */
  List<String> upTo(Range range) {
    return values.get(range.to());
  }
}
