package dev.belay.api;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a migration came.
 *
 * @param attempted records that were begun
 * @param succeeded records whose work is committed, or will be with their batch
 * @param failed records whose work was taken back
 * @param batches transactions that were committed
 * @param duration since it was opened, until it was completed or brought back
 * @param failuresBySqlState how many records failed with which SQLSTATE; those that failed without
 *     a word of the server stand under the name of their exception's class
 */
public record MigrationStatistics(
    long attempted,
    long succeeded,
    long failed,
    long batches,
    Duration duration,
    Map<String, Long> failuresBySqlState) {
  public MigrationStatistics {
    failuresBySqlState = Map.copyOf(failuresBySqlState);
  }

  /** The part that failed, from 0 to 1. */
  public double failureRate() {
    return attempted == 0 ? 0 : (double) failed / attempted;
  }

  /**
   * In one line, such as {@code 1000 attempted, 990 succeeded, 10 failed {23505=10}, 10 batches}.
   */
  @Override
  public String toString() {
    return "%d attempted, %d succeeded, %d failed%s, %d batches, %d ms"
        .formatted(
            attempted,
            succeeded,
            failed,
            failuresBySqlState.isEmpty() ? "" : " " + new TreeMap<>(failuresBySqlState),
            batches,
            duration.toMillis());
  }
}
