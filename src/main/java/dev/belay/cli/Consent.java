package dev.belay.cli;

/** Shows a plan and learns whether to carry it out. */
@FunctionalInterface
public interface Consent {
  /**
   * Asks, unless the command line has answered.
   *
   * @return true to go on, false when the command is to stop after the plan ({@code --dry-run})
   * @throws dev.belay.core.Failure REFUSED when the answer is no, or nobody is there to ask
   */
  boolean given(Plan plan);

  /** Whether a person is asked, who may take an hour: no lock may be held meanwhile. */
  default boolean asksPerson() {
    return false;
  }
}
