package dev.belay.undo;

import java.util.OptionalLong;

/** How large a live table is, with its indexes and what is stored apart. */
public enum TableSize {
  SMALL,
  MIDDLE,
  LARGE;

  /** From here on a table is of middling size, in bytes: below it a rewrite takes no second. */
  public static final long MIDDLE_BYTES = 10_000_000;

  /** From here on a table is large, in bytes: a rewrite takes many seconds, or hours. */
  public static final long LARGE_BYTES = 1_000_000_000;

  /** One whose size is not known may be large. */
  public static TableSize of(OptionalLong bytes) {
    if (bytes.isEmpty() || bytes.getAsLong() >= LARGE_BYTES) {
      return LARGE;
    }
    return bytes.getAsLong() >= MIDDLE_BYTES ? MIDDLE : SMALL;
  }
}
