package dev.belay.archive;

import java.time.Instant;
import java.util.Optional;

/**
 * A level that a backup was found to reach.
 *
 * @param at when it was found
 * @param restoreMillis how long pg_restore took, for the levels that restore
 * @param verificationMillis how long the comparison with the manifest took, likewise
 * @param serverVersion of the server that it was restored on, as the server writes it
 * @param jobs parallel sessions of that restore
 */
public record Proof(
    Level level,
    Instant at,
    Optional<Long> restoreMillis,
    Optional<Long> verificationMillis,
    Optional<String> serverVersion,
    Optional<Integer> jobs) {
  /** A proof without a restore. */
  public static Proof of(Level level, Instant at) {
    return new Proof(
        level, at, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
