package dev.belay.diff;

/**
 * Finds the differences of one table, such as {@code sink -> diff.table(pair, base, sink, bar)}.
 */
@FunctionalInterface
public interface Comparing {
  /** Gives every difference to the sink, and says how many there were. */
  TableDiff run(DifferenceSink sink);
}
