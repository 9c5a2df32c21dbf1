package dev.belay.core;

import java.io.Serial;

/**
 * The cause of a failure that says nothing about the thing that was worked on, because it lies
 * around it and may be gone the next time: a full disk, a lost server, a program that was killed or
 * that hung.
 */
public final class PassingTrouble extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /**
   * @param what happened, in words
   */
  public PassingTrouble(String what) {
    super(what);
  }

  /** Whether such trouble is behind the failure. */
  public static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PassingTrouble) {
        return true;
      }
    }
    return false;
  }
}
