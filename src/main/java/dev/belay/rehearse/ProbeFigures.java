package dev.belay.rehearse;

import java.util.List;

/**
 * What the probe felt while a script ran.
 *
 * @param statements how many it began
 * @param failed how many of them failed
 * @param p50Micros half of them took no longer, in microseconds
 * @param p99Micros 99 of a hundred took no longer
 * @param maxMicros the slowest
 * @param longestStallMillis the longest time in which no statement on one and the same table
 *     succeeded
 * @param stalledTable which table that was; empty: none was probed
 * @param errors the first of them, each once
 */
public record ProbeFigures(
    long statements,
    long failed,
    long p50Micros,
    long p99Micros,
    long maxMicros,
    long longestStallMillis,
    String stalledTable,
    List<String> errors) {
  public ProbeFigures {
    errors = List.copyOf(errors);
  }
}
