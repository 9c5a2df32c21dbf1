package dev.belay.diff;

import dev.belay.postgres.Database;

/** What somebody else does around the writing of a merge. */
public interface MergeSteps {
  /** Nothing. */
  MergeSteps NONE = new MergeSteps() {};

  /**
   * Called in each attempt when its plan was agreed to, before anything is written. A row that the
   * merge changes or removes is until its commit as it is now, or the attempt fails.
   */
  default void before(MergePlan plan) {}

  /**
   * Called when everything is written and not yet committed; whatever is thrown here leaves the
   * target as it was. Not called for a merge in batches.
   *
   * @param session of the merge, in its transaction
   */
  default void written(Database session) {}
}
