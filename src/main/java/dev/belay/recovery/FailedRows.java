package dev.belay.recovery;

import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.recovery.RecoveryQueries.HalfIndex;
import dev.belay.swap.GuardedRun;
import java.util.Map;

/**
 * Removes what says that a migration failed, where nothing else of it was done. One without a
 * transaction whose first statement fails leaves, at most, an index that is not valid.
 */
final class FailedRows {
  private final GuardedRun run;
  private final FailedMigration failed;
  private final OperationLock held;
  private final Journal journal;
  private final Aftermath aftermath;
  private final RecoveryAccount account;

  FailedRows(
      GuardedRun run,
      FailedMigration failed,
      OperationLock held,
      Journal journal,
      Aftermath aftermath,
      RecoveryAccount account) {
    this.run = run;
    this.failed = failed;
    this.held = held;
    this.journal = journal;
    this.aftermath = aftermath;
    this.account = account;
  }

  /** Removes them when schema and rows show that they may go; whether they are gone. */
  boolean remove(Left left) {
    boolean alone = left.apps().stream().allMatch(app -> app.applied().isEmpty());
    if (!alone) {
      account.failed(
          "nothing is undone by scripts, since a migration is recorded as failed and nobody knows"
              + " how far it came");
      return false;
    }
    try (Database session = run.databases().open(run.target())) {
      held.check();
      for (HalfIndex index : RecoveryQueries.halfIndexes(session)) {
        dropNew(session, index);
      }
      if (!Left.look(run, session, failed.before()).schema().isEmpty()) {
        account.failed("a migration is recorded as failed, and half of it is done");
        return false;
      }
      DataNow data = aftermath.data(true);
      if (!data.same()) {
        data.changedWords(failed.others().alone()).ifPresent(account::found);
        account.failed("a migration is recorded as failed, and its row stays: " + data.how());
        return false;
      }
      held.check();
      for (Left.App app : left.apps()) {
        for (AppliedMigration row : app.failed()) {
          remove(session, app.table(), row);
        }
      }
      return true;
    } catch (Failure broken) {
      account.failed("what failed could not be cleared away: " + broken.message());
      return false;
    }
  }

  private void dropNew(Database session, HalfIndex index) {
    ObjectKey key = new ObjectKey(ObjectKind.INDEX, index.schema(), index.table(), index.name());
    if (failed.before().catalogue().objects().containsKey(key)) {
      return;
    }
    journal.step("half-index", Map.of("statement", index.removal()));
    session.execute("set lock_timeout = " + run.settings().lockTimeout().toMillis());
    session.execute(index.removal());
    account.undone("the invalid index %s.%s".formatted(index.schema(), index.name()));
  }

  private void remove(Database session, TableName table, AppliedMigration row) {
    journal.step(
        "failed-row",
        Map.of(
            "table",
            table.plain(),
            "rank",
            String.valueOf(row.installedRank()),
            "script",
            row.script()));
    if (RecoveryQueries.removeFailed(session, table, row)) {
      account.undone("the row of the failed " + row.script());
    }
  }
}
