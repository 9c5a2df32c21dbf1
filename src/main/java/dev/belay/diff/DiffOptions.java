package dev.belay.diff;

import java.util.Optional;

/**
 * How relations are compared.
 *
 * @param jobs sessions for each side, at least 1
 * @param rowsPerChunk how many rows one fingerprint stands for, where ranges of the key are used
 * @param tolerance what counts as equal though it is written otherwise
 */
public record DiffOptions(int jobs, int rowsPerChunk, Optional<Tolerance> tolerance) {
  /** Measured: fewer rows cost more statements, more rows more on the wire. */
  private static final int ROWS_PER_CHUNK = 1000;

  /** Exactly, with so many sessions for each side. */
  public static DiffOptions exact(int jobs) {
    return new DiffOptions(jobs, ROWS_PER_CHUNK, Optional.empty());
  }
}
