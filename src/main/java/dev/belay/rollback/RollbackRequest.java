package dev.belay.rollback;

import dev.belay.core.Failure;
import dev.belay.undo.UndoRequest;
import java.util.OptionalLong;

/**
 * What the operator asked for.
 *
 * @param undo which migrations
 * @param hold record it so that no application applies them again
 * @param acceptedLoss the most rows and values that may be lost; empty: none, and say how many
 * @param backup make a backup first
 * @param export export first what is lost
 * @param unproven undo even what a replay does not prove
 * @param killBlocker end sessions that were named in the plan and hold locks without doing anything
 * @param restoreOnFailure what becomes of a failed undo that is no transaction: the backup is
 *     brought back, or nothing is done
 * @param tries how often a transaction is tried for which a lock is not given
 * @param jobs parallel sessions of backup and export
 */
public record RollbackRequest(
    UndoRequest undo,
    boolean hold,
    OptionalLong acceptedLoss,
    boolean backup,
    boolean export,
    boolean unproven,
    boolean killBlocker,
    boolean restoreOnFailure,
    int tries,
    int jobs) {
  public RollbackRequest {
    if (tries < 1) {
      throw Failure.usage("--lock-tries is " + tries, "give at least 1");
    }
    if (acceptedLoss.orElse(0) < 0) {
      throw Failure.usage("--accept-loss is " + acceptedLoss.getAsLong(), "give a number of rows");
    }
    if (restoreOnFailure && !backup) {
      throw Failure.usage(
          "--on-failure restore needs the backup that --no-backup leaves out",
          "leave --no-backup out");
    }
  }

  /**
   * Holds what is lost against what was accepted.
   *
   * @param what is lost, in words
   * @throws Failure REFUSED when it is more, with the number to give
   */
  void refuseLoss(long rows, String what) {
    if (rows > acceptedLoss.orElse(0)) {
      throw Failure.refused(
          acceptedLoss.isPresent()
              ? "%d rows or values would be lost, more than the %d that are accepted: %s"
                  .formatted(rows, acceptedLoss.getAsLong(), what)
              : "%d rows or values would be lost: %s".formatted(rows, what),
          "when they may go, run the same command again with --accept-loss " + rows);
    }
  }
}
