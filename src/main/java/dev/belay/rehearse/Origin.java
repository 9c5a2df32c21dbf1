package dev.belay.rehearse;

import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a copy was made of.
 *
 * @param backup its id; empty: the live database
 * @param level how far the backup was proven before
 * @param takenAt the moment that the copy shows
 * @param copyBytes size of the copy
 * @param liveBytes size of the live database
 * @param copyMillis how long making it took, in all
 * @param restoreMillis of which pg_restore
 * @param verificationMillis of which the comparison with the manifest
 */
public record Origin(
    Optional<String> backup,
    Optional<String> level,
    Instant takenAt,
    long copyBytes,
    long liveBytes,
    long copyMillis,
    Optional<Long> restoreMillis,
    Optional<Long> verificationMillis) {

  /** For a person. */
  public String words() {
    return backup
        .map(
            id ->
                "the backup %s, %s old, proven %s"
                    .formatted(
                        id,
                        Units.duration(Duration.between(takenAt, Instant.now())),
                        level.orElse("?")))
        .orElse("the live database, as of " + Units.moment(takenAt));
  }

  /** How many times as large the live database is; never below 1. */
  public double growth() {
    return copyBytes <= 0 ? 1 : Math.max(1.0, (double) liveBytes / copyBytes);
  }
}
