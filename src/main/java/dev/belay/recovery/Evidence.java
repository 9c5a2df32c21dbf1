package dev.belay.recovery;

import java.util.List;

/**
 * Whether somebody else may have written to the database while a migration ran.
 *
 * @param alone whether it is certain that nobody did
 * @param reasons why not, in words; empty when it is certain
 * @param working sessions that began meanwhile and are still in a transaction from then, which may
 *     be the migration's and may commit yet, in words
 */
public record Evidence(boolean alone, List<String> reasons, List<String> working) {
  public Evidence {
    reasons = List.copyOf(reasons);
    working = List.copyOf(working);
  }

  /** Nobody looked, so nothing is certain. */
  public static Evidence none(String reason) {
    return new Evidence(false, List.of(reason), List.of());
  }
}
