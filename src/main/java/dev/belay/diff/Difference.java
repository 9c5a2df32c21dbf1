package dev.belay.diff;

import org.jspecify.annotations.Nullable;

/**
 * A row that is not the same on both sides.
 *
 * @param source where the source has it; null for one that is {@link Kind#EXTRA}
 * @param target where the target has it; null for one that is {@link Kind#MISSING}
 * @param base what the common ancestor says of it
 */
public record Difference(
    Kind kind, @Nullable RowPlace source, @Nullable RowPlace target, Base base) {

  /** What differs, seen from the target. */
  public enum Kind {
    /** The source has it, the target does not. */
    MISSING,
    /** The target has it, the source does not. */
    EXTRA,
    /** Both have a row of that key, with other values. */
    CHANGED
  }

  /** How the row was in the common ancestor of both sides. */
  public enum Base {
    /** Nobody was asked: there is no ancestor, or it lacks columns by which rows are told apart. */
    UNKNOWN,
    /** It had none of that key. */
    ABSENT,
    /** As the source has it, so only the target changed. */
    LIKE_SOURCE,
    /** As the target has it, so only the source changed. */
    LIKE_TARGET,
    /** As both in the columns that it has, so who changed the others is not known. */
    LIKE_BOTH,
    /** Otherwise than both, so both changed. */
    OTHER
  }
}
