package dev.belay.core;

import java.util.function.Supplier;

/**
 * A step that changes the target outside one transaction. Whatever breaks inside comes out as
 * {@link ExitCode#INCOMPLETE}, so that no author has to decide, deep in a helper, whether a failure
 * was clean.
 */
public final class Changing {
  private Changing() {}

  /**
   * Runs the step.
   *
   * @param what what was being done, for the message
   * @param state what the target is like when the step breaks, as a sentence
   * @param hint the command that finishes or undoes it
   * @throws Failure INCOMPLETE whatever is thrown inside
   */
  public static <T> T step(String what, String state, String hint, Supplier<T> step) {
    try {
      return step.get();
    } catch (Throwable broken) {
      throw Failure.incomplete(what + ": " + describe(broken), state, hint).causedBy(broken);
    }
  }

  private static String describe(Throwable broken) {
    return broken instanceof Failure failure ? failure.message() : broken.toString();
  }
}
