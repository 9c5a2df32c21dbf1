package dev.belay.gradual;

import dev.belay.batch.SyncMark;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.undo.UndoLoss;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the switch destroys, counted anew: applications have written for hours since it was planned
 * and agreed to.
 */
final class SwitchLoss {
  private final GradualPlan plan;
  private final long accepted;

  /**
   * @param accepted how much may be lost
   */
  SwitchLoss(GradualPlan plan, long accepted) {
    this.plan = plan;
    this.accepted = accepted;
  }

  /** Keeps everybody away from what is dropped or emptied, in the order of the names. */
  void lock(Database session) {
    Set<TableName> tables =
        plan.losses().stream()
            .filter(this::isCountedAgain)
            .map(UndoLoss::table)
            .filter(table -> SwitchQueries.exists(session, table))
            .collect(Collectors.toCollection(TreeSet::new));
    tables.forEach(table -> SwitchQueries.lock(session, table));
  }

  /**
   * Counts.
   *
   * @return how many rows and values are lost
   * @throws Failure REFUSED when these are more than were accepted
   */
  long refuse(Database session) {
    List<UndoLoss> now = plan.losses().stream().map(loss -> counted(session, loss)).toList();
    long lost = now.stream().mapToLong(UndoLoss::rows).sum();
    if (lost > accepted) {
      throw Failure.refused(
          "%d rows or values would be lost by now, and %d are accepted: %s"
              .formatted(lost, accepted, GradualPlanText.losses(now)),
          "when they may go, go on with --accept-loss " + lost);
    }
    return lost;
  }

  private UndoLoss counted(Database session, UndoLoss loss) {
    if (!isCountedAgain(loss)) {
      return loss;
    }
    return new UndoLoss(loss.kind(), loss.table(), loss.column(), rows(session, loss), true);
  }

  /** What statements remove was removed in batches; columns that are kept equal are compared. */
  private boolean isCountedAgain(UndoLoss loss) {
    return loss.kind() != UndoLoss.Kind.REMOVED
        && plan.syncs().stream().noneMatch(sync -> isOf(loss, sync));
  }

  private static boolean isOf(UndoLoss loss, SyncMark sync) {
    return loss.kind() == UndoLoss.Kind.COLUMN
        && sync.table().equals(loss.table())
        && loss.column().filter(sync.newColumn()::equals).isPresent();
  }

  private static long rows(Database session, UndoLoss loss) {
    if (!SwitchQueries.exists(session, loss.table())) {
      return 0;
    }
    return loss.column()
        .map(column -> SwitchQueries.values(session, loss.table(), column))
        .orElseGet(() -> SwitchQueries.rows(session, loss.table()));
  }
}
