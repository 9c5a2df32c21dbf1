package dev.belay.rollback;

import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.ledger.HeldRepeatables;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/** Which repeatable migrations are to run again when a held migration is reopened. */
final class HeldBack {
  private HeldBack() {}

  /**
   * The rows of those that are to run again when this migration does; none as long as another one
   * of the same undo is held, which they may need too.
   */
  static List<AppliedMigration> with(Database session, AppState state, Migration held) {
    List<Migration> all = HeldRepeatables.held(state);
    List<Migration> others = all.stream().filter(each -> !each.equals(held)).toList();
    List<AppliedMigration> rows = new ArrayList<>(HeldRepeatables.with(session, state, all));
    rows.removeAll(HeldRepeatables.with(session, state, others));
    return rows;
  }
}
