package dev.belay.status;

import java.util.List;

/**
 * A question that verify-state asks. A {@link dev.belay.core.Failure} thrown by {@link #run} is
 * shown as "not checked".
 */
interface StateCheck {
  /** The names of the results that {@link #run} gives, in the same order. */
  List<String> names();

  /** Looks, and changes nothing. One result for each name. */
  List<CheckResult> run(StateContext context);
}
