package dev.belay.diff;

import java.util.Optional;

/**
 * How relations are compared.
 *
 * @param jobs sessions for each side, at least 1
 * @param rowsPerChunk how many rows one fingerprint stands for, where ranges of the key are used
 * @param smallBytes below that size of both together, relations are compared as a whole, which is
 *     quicker than sampling
 * @param tolerance what counts as equal though it is written otherwise
 */
public record DiffOptions(
    int jobs, int rowsPerChunk, long smallBytes, Optional<Tolerance> tolerance) {
  /** Fewer rows would cost more index scans, more rows more on the wire for each difference. */
  private static final int ROWS_PER_CHUNK = 1000;

  private static final long SMALL_BYTES = 8 << 20;

  /** Exactly, with so many sessions for each side. */
  public static DiffOptions exact(int jobs) {
    return new DiffOptions(jobs, ROWS_PER_CHUNK, SMALL_BYTES, Optional.empty());
  }

  /** The same with a tolerance. */
  public DiffOptions with(Tolerance limit) {
    return new DiffOptions(jobs, rowsPerChunk, smallBytes, Optional.of(limit));
  }
}
