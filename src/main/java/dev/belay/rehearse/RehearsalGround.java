package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.core.TableName;
import dev.belay.postgres.Databases;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.util.Optional;
import java.util.Set;

/**
 * The copy on which migrations are tried, and how it is looked at.
 *
 * @param plan by the history of the copy; what it has applied is left alone by Flyway
 * @param jobs parallel sessions for fingerprints
 */
record RehearsalGround(
    ScratchReplay replay, DataCopy copy, ReplayPlan plan, int jobs, Progress progress) {

  /** Sessions with the copy. */
  Databases databases() {
    return replay.databases();
  }

  /** What there is in the copy. */
  DataState state() {
    return DataState.whole(databases(), copy.target(), plan.app(), jobs, progress);
  }

  /**
   * What there is after a script, of which is taken out what reaches beyond the copy.
   *
   * @param written the tables that may have been written since; empty: nobody knows which
   */
  DataState after(DataState before, Optional<Set<TableName>> written) {
    copy.cutAgain();
    return before.after(databases(), copy.target(), plan.app(), jobs, progress, written);
  }
}
