package dev.belay.ledger;

import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationState;
import dev.belay.postgres.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Repeatable migrations whose objects went with migrations that are held: they are recorded as
 * applied, since run without what is held they would fail, and what they made is missing. Only the
 * ledger knows which these are.
 */
public final class HeldRepeatables {
  private HeldRepeatables() {}

  /** The migrations of an app that are held. */
  public static List<Migration> held(AppState state) {
    return state.migrations().stream().filter(each -> each.state() == MigrationState.HELD).toList();
  }

  /**
   * The rows of those that went with some of the held migrations; none where the ledger cannot be
   * read. One that an application ran again since has another row, and is none of them.
   *
   * @param held some of {@link #held(AppState)}
   * @throws Failure REFUSED when the ledger is of a form that this program does not know
   */
  public static List<AppliedMigration> with(
      Database session, AppState state, List<Migration> held) {
    if (held.isEmpty()) {
      return List.of();
    }
    List<UndoneEntry> holds =
        new UndoneLog(HistoryLock.table(state.app()))
            .newest(session, Integer.MAX_VALUE).stream()
                .map(UndoneLog.Logged::entry)
                .filter(entry -> entry.recordedAs() == UndoneEntry.RecordedAs.HOLD)
                .toList();
    Set<String> runs = runs(holds, held);
    return state.history().inForce().stream()
        .filter(row -> row.version() == null)
        .filter(
            row ->
                holds.stream()
                    .anyMatch(
                        entry ->
                            entry.version() == null
                                && entry.installedRank() == row.installedRank()
                                && runs.contains(entry.run())))
        .toList();
  }

  /** The runs that held these; a migration may have been held before, and only the last counts. */
  private static Set<String> runs(List<UndoneEntry> newestFirst, List<Migration> held) {
    Set<String> runs = new HashSet<>();
    for (Migration each : held) {
      AppliedMigration row = each.applied();
      newestFirst.stream()
          .filter(entry -> entry.version() != null)
          .filter(entry -> row != null && entry.installedRank() == row.installedRank())
          .findFirst()
          .ifPresent(entry -> runs.add(entry.run()));
    }
    return runs;
  }
}
