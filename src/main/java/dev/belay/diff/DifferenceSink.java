package dev.belay.diff;

import java.util.List;

/** Takes differences as they are found, some hundreds at a time, in no particular order. */
@FunctionalInterface
public interface DifferenceSink {
  /**
   * Takes some.
   *
   * @param differences never empty; of one table
   */
  void accept(List<Difference> differences);
}
