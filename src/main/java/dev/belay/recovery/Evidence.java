package dev.belay.recovery;

import java.util.List;

/**
 * Whether somebody else may have written to the database while a migration ran.
 *
 * @param alone whether it is certain that nobody did
 * @param reasons why not, in words; empty when it is certain
 */
public record Evidence(boolean alone, List<String> reasons) {
  public Evidence {
    reasons = List.copyOf(reasons);
  }

  /** Nobody looked, so nothing is certain. */
  public static Evidence none(String reason) {
    return new Evidence(false, List.of(reason));
  }
}
