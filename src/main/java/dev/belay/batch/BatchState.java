package dev.belay.batch;

import java.util.Locale;

/** What a run of batches is doing, as the ledger says. */
public enum BatchState {
  /** It goes on, or the program that did it was killed. */
  RUNNING,
  /** It waits until somebody lets it go on. */
  PAUSED,
  /** It ends after the batch that it is at. */
  ABORTING,
  /** Somebody ended it; it can go on. */
  ABORTED,
  /** It broke off; it can go on. */
  FAILED,
  /** All is done. */
  FINISHED,
  /** It was given up. */
  DISCARDED;

  /** The word in the ledger. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static BatchState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether there is nothing more to do. */
  public boolean isOver() {
    return this == FINISHED || this == DISCARDED;
  }
}
