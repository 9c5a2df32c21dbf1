package dev.belay.restore;

import dev.belay.core.Failure;

/**
 * What becomes of the rows that were written to the live database since the backup.
 *
 * @param looked compare both before the swap and say what would be left behind
 * @param carry rows that only the live database has are carried over
 * @param leave what is left behind does not keep the swap from being done
 * @param asking whether a person can be asked again before the swap
 * @param none only when nothing was written at all, what comes until the swap is carried over
 */
record Writes(boolean looked, boolean carry, boolean leave, boolean asking, boolean none) {
  /** Nobody looks: all are left behind, as the plan says. */
  static final Writes UNSEEN = new Writes(false, false, false, false);

  /** For a way back that nobody is asked about: it is gone only when nothing is left behind. */
  static final Writes NONE = new Writes(true, true, false, false, true);

  /** For a way back that goes whatever was written, and says what that was. */
  static final Writes LEFT = new Writes(true, true, true, false, true);

  /** What an operator says. */
  Writes(boolean looked, boolean carry, boolean leave, boolean asking) {
    this(looked, carry, leave, asking, false);
  }

  Writes {
    if (leave && !looked) {
      throw Failure.usage(
          "--leave-writes says what becomes of writes that nobody looks for",
          "add --expect-writes or --carry-new-rows");
    }
  }
}
