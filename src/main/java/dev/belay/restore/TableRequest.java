package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.TablePattern;
import dev.belay.diff.Policy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which tables the operator asked for, and how.
 *
 * @param tables not empty
 * @param triggers whether the application's triggers fire
 * @param batchRows rows of one transaction; empty: one transaction
 * @param jobs parallel sessions
 * @param stallTimeout a restore without progress for so long is ended
 * @param fromOtherDatabase the backup may be of another database or server
 * @param verify compare what was restored with the manifest before it is used
 */
record TableRequest(
    List<TablePattern> tables,
    Policy policy,
    boolean triggers,
    OptionalInt batchRows,
    int jobs,
    Duration stallTimeout,
    boolean fromOtherDatabase,
    boolean verify) {
  TableRequest {
    tables = List.copyOf(tables);
    if (policy == Policy.THREE_WAY) {
      throw Failure.usage(
          "the policy three-way needs a third database that both come from",
          "use exact, overwrite or add-missing, or belay reconcile-data");
    }
    if (batchRows.isPresent() && batchRows.getAsInt() < 1) {
      throw Failure.usage("--batch-size is " + batchRows.getAsInt(), "give at least 1");
    }
  }
}
