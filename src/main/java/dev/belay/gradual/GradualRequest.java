package dev.belay.gradual;

import dev.belay.batch.BatchPace;
import dev.belay.batch.ThrottleLimits;
import dev.belay.core.Failure;
import dev.belay.undo.UndoRequest;

/**
 * What the operator asked for.
 *
 * @param hold record it so that no application applies the migrations again
 * @param acceptedLoss the most rows and values that may be lost
 * @param backup make a backup first
 * @param export export first what is lost
 * @param unproven undo even what a replay does not prove
 * @param waitBeforeSwitch stop once before the schema is switched, until somebody says go on
 * @param jobs parallel sessions of the backup
 */
record GradualRequest(
    UndoRequest undo,
    BatchPace pace,
    ThrottleLimits limits,
    boolean hold,
    long acceptedLoss,
    boolean backup,
    boolean export,
    boolean unproven,
    boolean waitBeforeSwitch,
    int jobs) {
  GradualRequest {
    if (jobs < 1) {
      throw Failure.usage("--jobs is " + jobs, "give at least 1");
    }
    if (acceptedLoss < 0) {
      throw Failure.usage("--accept-loss is " + acceptedLoss, "give a number of rows");
    }
  }
}
