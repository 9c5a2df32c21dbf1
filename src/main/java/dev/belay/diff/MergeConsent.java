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

  /**
   * Looks at what is planned before anybody is asked, while the merge is open.
   *
   * @param agreed as in {@link #given}
   * @throws dev.belay.core.Failure when it cannot be done so
   */
  default void look(MergePlan plan, Optional<MergePlan> agreed) {}

  /**
   * Whether the answer may take long. It is then waited for without a transaction, so without
   * locks, and everything is compared again.
   */
  default boolean takesLong(MergePlan plan) {
    return false;
  }
}
