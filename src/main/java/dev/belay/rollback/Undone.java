package dev.belay.rollback;

import dev.belay.core.TableName;
import dev.belay.undo.UndoLoss;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one try of the transaction came to.
 *
 * @param transaction its number
 * @param losses what went, counted under the locks
 * @param records what was recorded, in order
 * @param heldNanos how long locks were held before the commit
 * @param written the tables whose rows were changed; empty: that is not known
 */
record Undone(
    long transaction,
    List<UndoLoss> losses,
    List<Recorded> records,
    long heldNanos,
    Optional<Set<TableName>> written) {
  Undone {
    losses = List.copyOf(losses);
    records = List.copyOf(records);
  }

  /**
   * A migration that was undone and recorded.
   *
   * @param rank of the row by which Flyway knows of it
   * @param type of that row
   * @param statements that its script ran
   */
  record Recorded(
      String migration, String method, int rank, String type, int statements, long millis) {}

  long rows() {
    return losses.stream().mapToLong(UndoLoss::rows).sum();
  }
}
