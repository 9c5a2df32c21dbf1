package dev.belay.rollback;

import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationState;
import dev.belay.ledger.UndoneEntry;
import dev.belay.ledger.UndoneLog;
import dev.belay.postgres.Database;
import java.util.List;

/**
 * Repeatable migrations whose objects vanished with a migration that is held: they are recorded as
 * applied until it is reopened, since run without it they would fail.
 */
final class HeldBack {
  private HeldBack() {}

  /**
   * The rows of those that are to run again when this migration does; none as long as another one
   * of the same undo is held, which they may need too.
   */
  static List<AppliedMigration> with(Database session, AppState state, Migration held) {
    List<UndoneEntry> log =
        new UndoneLog(HistoryLock.table(state.app()))
            .newest(session, Integer.MAX_VALUE).stream().map(UndoneLog.Logged::entry).toList();
    List<String> runs =
        log.stream().filter(entry -> isHoldOf(entry, held)).map(UndoneEntry::run).limit(1).toList();
    List<UndoneEntry> together =
        log.stream()
            .filter(entry -> runs.contains(entry.run()))
            .filter(entry -> entry.recordedAs() == UndoneEntry.RecordedAs.HOLD)
            .toList();
    boolean others =
        state.migrations().stream()
            .filter(each -> each.state() == MigrationState.HELD && !each.equals(held))
            .anyMatch(each -> together.stream().anyMatch(entry -> isHoldOf(entry, each)));
    return others
        ? List.of()
        : state.history().inForce().stream()
            .filter(row -> row.version() == null)
            .filter(
                row ->
                    together.stream()
                        .anyMatch(
                            entry ->
                                entry.version() == null
                                    && entry.installedRank() == row.installedRank()))
            .toList();
  }

  private static boolean isHoldOf(UndoneEntry entry, Migration held) {
    return entry.version() != null
        && entry.recordedAs() == UndoneEntry.RecordedAs.HOLD
        && held.applied() != null
        && entry.installedRank() == held.applied().installedRank();
  }
}
