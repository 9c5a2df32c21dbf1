package dev.belay.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What batches wait for until it is over. Nothing of it can be overridden.
 *
 * @param lag a replica is so far behind
 * @param active so many other sessions do something
 * @param archive so many WAL files wait to be archived
 * @param query it answers true
 * @param file it exists
 */
public record ThrottleLimits(
    Optional<Duration> lag,
    Optional<Integer> active,
    int archive,
    Optional<String> query,
    Optional<Path> file) {
  /** WAL files that may wait to be archived unless another number is given. */
  public static final int ARCHIVE = 42;

  /** Only what needs no words of the operator. */
  public static ThrottleLimits usual() {
    return new ThrottleLimits(
        Optional.empty(), Optional.empty(), ARCHIVE, Optional.empty(), Optional.empty());
  }
}
