package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records in Flyway's history table that a migration was undone, in the forms that every Flyway OSS
 * can read. To be called in a transaction that holds {@link HistoryLock}; each row is read again
 * after it was written, since triggers and rules may be on the table.
 */
public final class HistoryRecord {
  private static final String DELETE = "DELETE";
  private static final String HOLD = "UNDO_SCRIPT";

  private HistoryRecord() {}

  /**
   * Records that the migration counts as not applied: a row of type {@code DELETE}, as Flyway's own
   * repair writes it. An application that has the script applies it again at its next start.
   *
   * @param row of the migration; one that is held has its hold taken away first
   * @param by who did it
   * @param millis how long it took
   * @return the row that was written
   * @throws Failure REFUSED when the migration is not in force, so that no migration is ever
   *     deleted twice, which would stop every Flyway; FAILED when the table does not keep the row
   */
  public static AppliedMigration reopen(
      Database session, AppSettings app, AppliedMigration row, String by, int millis) {
    MigrationHistory history = HistoryQueries.read(session, app);
    refuseOther(history, row, app);
    AppliedMigration hold = history.holdOf(row);
    if (hold != null) {
      unhold(session, app, hold);
    } else {
      refuseNotInForce(history, row);
    }
    return write(session, app, record(session, app, row, DELETE, row.script(), by, millis));
  }

  /**
   * Records that the migration was undone and is not to be applied again: a row of type {@code
   * UNDO_SCRIPT}. An application that has the script starts, and passes over it.
   *
   * @param row of a migration with a version
   * @param undoScript what took it back
   * @return the row that was written
   * @throws Failure REFUSED when the migration is not in force or has no version; FAILED when the
   *     table does not keep the row
   */
  public static AppliedMigration hold(
      Database session,
      AppSettings app,
      AppliedMigration row,
      String undoScript,
      String by,
      int millis) {
    if (row.version() == null) {
      throw Failure.refused(
          "'%s' is a repeatable migration, and those cannot be held".formatted(row.description()),
          "leave --hold out");
    }
    MigrationHistory history = HistoryQueries.read(session, app);
    refuseOther(history, row, app);
    refuseNotInForce(history, row);
    return write(session, app, record(session, app, row, HOLD, undoScript, by, millis));
  }

  private static void unhold(Database session, AppSettings app, AppliedMigration hold) {
    int removed = HistoryRecordQueries.remove(session, HistoryLock.table(app), hold);
    if (removed != 1) {
      throw notKept(HistoryLock.table(app), "the hold of row " + hold.installedRank() + " stays");
    }
  }

  private static void refuseOther(MigrationHistory history, AppliedMigration row, AppSettings app) {
    if (!history.rows().contains(row)) {
      throw Failure.refused(
          "row %d of %s is not what it was when the plan was made"
              .formatted(row.installedRank(), HistoryLock.table(app).plain()),
          "look at the new plan: run the same command again");
    }
  }

  private static void refuseNotInForce(MigrationHistory history, AppliedMigration row) {
    if (!history.inForce().contains(row)) {
      throw Failure.refused(
          "%s is not in force any more: a later row says that it was undone, held or deleted"
              .formatted(row.script()),
          "see the state with: belay list-migrations");
    }
  }

  private static AppliedMigration record(
      Database session,
      AppSettings app,
      AppliedMigration row,
      String type,
      String script,
      String by,
      int millis) {
    return new AppliedMigration(
        HistoryRecordQueries.nextRank(session, HistoryLock.table(app)),
        row.version(),
        row.description(),
        type,
        script,
        type.equals(DELETE) ? row.checksum() : null,
        by,
        null,
        millis,
        true);
  }

  private static AppliedMigration write(
      Database session, AppSettings app, AppliedMigration wanted) {
    TableName table = HistoryLock.table(app);
    HistoryRecordQueries.insert(session, table, wanted);
    @Nullable AppliedMigration there =
        HistoryQueries.read(session, app).rows().stream()
            .filter(each -> each.installedRank() == wanted.installedRank())
            .findFirst()
            .orElse(null);
    if (there == null || !same(there, wanted)) {
      throw notKept(
          table,
          there == null
              ? "row %d is not there after it was written".formatted(wanted.installedRank())
              : "row %d says something else after it was written".formatted(there.installedRank()));
    }
    return there;
  }

  /** But for the moment, which is the table's own. */
  private static boolean same(AppliedMigration there, AppliedMigration wanted) {
    return Objects.equals(there.version(), wanted.version())
        && there.description().equals(wanted.description())
        && there.type().equals(wanted.type())
        && there.script().equals(wanted.script())
        && Objects.equals(there.checksum(), wanted.checksum())
        && there.success();
  }

  private static Failure notKept(TableName table, String what) {
    return Failure.failed(
        "%s does not keep what is recorded in it: %s".formatted(table.plain(), what),
        "see whether a trigger or rule is on the table: psql -c '\\d+'");
  }
}
