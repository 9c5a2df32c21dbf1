package dev.belay.diff;

import java.util.Optional;

/** Shows the plan of a merge, and learns whether to carry it out. */
@FunctionalInterface
public interface MergeConsent {
  /**
   * Asks.
   *
   * @param plan what would be done
   * @param agreed what was agreed to before somebody else changed rows, so that this would do more;
   *     empty: nothing was agreed to yet
   * @return true to go on; false to stop after the plan, which is a refusal when something was
   *     agreed to before
   * @throws dev.belay.core.Failure REFUSED when the answer is no
   */
  boolean given(MergePlan plan, Optional<MergePlan> agreed);
}
