package dev.belay.recovery;

import dev.belay.report.ToPaste;

/**
 * A way that an operator can go.
 *
 * @param kind which sort of way it is
 * @param command to be pasted; for {@link Kind#FORWARD} the one that goes on
 * @param cost what it loses or needs, in words
 */
public record Way(Kind kind, @ToPaste String command, @ToPaste String cost) {
  /** Sorts of ways. */
  public enum Kind {
    UNDO,
    RESTORE,
    FORWARD,
    LOOK
  }
}
