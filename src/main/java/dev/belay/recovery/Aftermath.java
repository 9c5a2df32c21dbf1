package dev.belay.recovery;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks how the database is now that a migration failed. Reads only. */
final class Aftermath {
  private final GuardedRun run;
  private final FailedMigration failed;

  Aftermath(GuardedRun run, FailedMigration failed) {
    this.run = run;
    this.failed = failed;
  }

  /**
   * What it left in schema and history.
   *
   * @throws Failure INCOMPLETE when that cannot be looked at
   */
  Left left() {
    try (Database session = run.databases().open(run.target())) {
      return Left.look(run, session, failed.before());
    } catch (Failure unknown) {
      throw Failure.incomplete(
              "%s failed, and what it left could not be looked at: %s"
                  .formatted(failed.what(), unknown.message()),
              "not known; "
                  + failed
                      .backup()
                      .map(id -> "the backup from before is " + id)
                      .orElse("there is no backup from before"),
              "see the state with: belay verify-state"
                  + failed
                      .backup()
                      .map(
                          id ->
                              "; or, for the state before: belay backup-restore %s --expect-writes"
                                  .formatted(id))
                      .orElse(""))
          .causedBy(unknown);
    }
  }

  /**
   * Whether its rows are as before. That nobody could look is an answer too.
   *
   * @param committed whether something of the migration was committed
   */
  DataNow data(boolean committed) {
    return data(failed, committed);
  }

  /**
   * The same, after undo scripts were committed.
   *
   * @param written the tables whose rows those changed; empty: that is not known
   */
  DataNow dataAfterUndo(Optional<Set<TableName>> written) {
    return data(failed.alsoWritten(written), true);
  }

  private DataNow data(FailedMigration looked, boolean committed) {
    List<String> working = failed.others().working();
    if (!working.isEmpty()) {
      return new DataNow(
          false,
          List.of(),
          "whether that stays so is not known, since a session that began meanwhile is still in"
              + " a transaction: "
              + String.join(", ", working));
    }
    run.progress().step("looking whether rows were changed");
    try (Database session = run.databases().open(run.target())) {
      return DataNow.of(run, session, looked, committed);
    } catch (Failure unknown) {
      return new DataNow(
          false, List.of(), "whether rows were changed is not known: " + unknown.message());
    }
  }
}
