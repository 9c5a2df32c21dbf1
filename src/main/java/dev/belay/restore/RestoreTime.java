package dev.belay.restore;

import dev.belay.core.Units;
import java.time.Duration;

/**
 * How long a restore will take.
 *
 * @param estimate the measured time, or a guess from the size
 * @param measured whether a restore of this backup was measured
 */
record RestoreTime(Duration estimate, boolean measured) {
  /** Slow on purpose: a guess that is too short is worse than one that is too long. */
  private static final long GUESSED_BYTES_PER_SECOND = 30_000_000;

  /** Checks before, statistics and the swap after what was measured, besides a tenth of it. */
  private static final Duration AROUND = Duration.ofSeconds(1);

  static RestoreTime of(BackupFacts facts) {
    return facts
        .measuredRestore()
        .map(duration -> new RestoreTime(duration.plus(duration.dividedBy(10)).plus(AROUND), true))
        .orElseGet(
            () ->
                new RestoreTime(
                    Duration.ofMillis(
                        1000 + facts.databaseBytes() * 1000 / GUESSED_BYTES_PER_SECOND),
                    false));
  }

  /** For a person. */
  String words() {
    return measured
        ? "about " + Units.duration(estimate) + ", as measured when the backup was proven"
        : "perhaps "
            + Units.duration(estimate)
            + ", guessed from the size: no restore of this backup was measured";
  }
}
