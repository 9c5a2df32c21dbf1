package dev.belay.batch;

import java.time.Duration;

/**
 * How fast batches go, and what they wait for.
 *
 * @param searchPath what the statements see, as {@code SET search_path} takes it
 * @param lockTimeout how long a batch waits for a lock
 * @param statementTimeout how long one may take
 */
public record BatchSettings(
    BatchPace pace,
    ThrottleLimits limits,
    String searchPath,
    Duration lockTimeout,
    Duration statementTimeout) {
  /** How long a batch waits for a lock before it lets others go first. */
  public static final Duration LOCK_TIMEOUT = Duration.ofMillis(100);

  /** How long a batch may take. */
  public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(60);

  /** With the usual limits of time. */
  public static BatchSettings of(BatchPace pace, ThrottleLimits limits, String searchPath) {
    return new BatchSettings(pace, limits, searchPath, LOCK_TIMEOUT, STATEMENT_TIMEOUT);
  }
}
