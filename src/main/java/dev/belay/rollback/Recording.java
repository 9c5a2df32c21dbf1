package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryRecord;
import dev.belay.flyway.Migration;
import dev.belay.postgres.Database;
import java.util.Objects;
import java.util.Optional;

/** Records migrations that were undone in Flyway's table, within the open transaction. */
public final class Recording {
  private final Database session;
  private final AppSettings app;
  private final boolean hold;
  private final String by;

  /**
   * @param session whose user is written down
   * @param hold record it so that no application applies it again
   */
  public Recording(Database session, AppSettings app, boolean hold) {
    this.session = session;
    this.app = app;
    this.hold = hold;
    this.by = RollbackQueries.user(session);
  }

  /** The row of an applied migration. */
  static AppliedMigration applied(Migration migration) {
    return Objects.requireNonNull(migration.applied(), "an applied migration has a row");
  }

  /**
   * Repeatable migrations cannot be held. With a hold their row stays as it is: run again they
   * would fail, since what they need is held.
   *
   * @param script that took it back; empty: it went by itself
   * @return the row that says what became of the migration
   */
  public AppliedMigration of(Migration migration, Optional<String> script, long millis) {
    AppliedMigration row = applied(migration);
    int took = (int) Math.min(Integer.MAX_VALUE, millis);
    if (hold && row.version() == null) {
      return row;
    }
    return hold
        ? HistoryRecord.hold(session, app, row, script.orElse(row.script()), by, took)
        : HistoryRecord.reopen(session, app, row, by, took);
  }
}
