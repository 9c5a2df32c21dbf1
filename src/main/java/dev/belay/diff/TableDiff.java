package dev.belay.diff;

import dev.belay.core.TableName;

/**
 * How two tables differ.
 *
 * @param sourceRows rows of the source that were gone through; below zero where they were not
 *     counted
 * @param targetRows the same of the target
 * @param missing rows that only the source has
 * @param extra rows that only the target has
 * @param changed rows that both have, with other values
 */
public record TableDiff(
    TableName table, long sourceRows, long targetRows, long missing, long extra, long changed) {
  /** Whether every row is the same on both sides. */
  public boolean equal() {
    return missing == 0 && extra == 0 && changed == 0;
  }
}
