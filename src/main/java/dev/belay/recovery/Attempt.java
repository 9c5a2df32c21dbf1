package dev.belay.recovery;

import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.recovery.BackupReturn.Manner;
import dev.belay.recovery.Recovered.Done;
import dev.belay.rollback.WholeUndo;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Map;

/** One recovery: decides by the policy, and by what is proven, how far back it goes. */
final class Attempt {
  private final Recovery recovery;
  private final GuardedRun run;
  private final FailedMigration failed;
  private final LateSessions late;
  private final RecoveryAccount account;
  private final Aftermath aftermath;
  private final FailedRows failedRows;
  private final ScriptUndo scripts;
  private final BackupReturn backup;

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   * @param held the operation lock of the target
   * @param late who came meanwhile
   */
  Attempt(
      Recovery recovery,
      GuardedRun run,
      Map<String, String> environment,
      String version,
      FailedMigration failed,
      OperationLock held,
      Journal journal,
      LateSessions late) {
    this.recovery = recovery;
    this.run = run;
    this.failed = failed;
    this.late = late;
    this.account = new RecoveryAccount(failed.policy());
    this.aftermath = new Aftermath(run, failed);
    this.failedRows = new FailedRows(run, failed, held, journal, aftermath, account);
    this.scripts =
        new ScriptUndo(new WholeUndo(run, environment, version), failed, held, journal, account);
    this.backup = new BackupReturn(run, environment, failed, held, journal, late, account);
  }

  /**
   * Goes back.
   *
   * @throws Failure INCOMPLETE when the database cannot be looked at, or a restore failed halfway
   */
  Recovered go() {
    Left left = aftermath.left();
    if (left.nothing()) {
      DataNow data = aftermath.data(false);
      account.found("schema and migration history are as before; " + data.how());
      if (data.same() && sequencesBack()) {
        return account.answer(Done.NOTHING_NEEDED, true, List.of(Ways.forward(failed)));
      }
      return rowsOnly(left, data);
    }
    account.found(left.words());
    return switch (failed.policy()) {
      case STOP -> left(left);
      case RESTORE -> restored(left);
      case UNDO -> undone(left);
    };
  }

  private boolean sequencesBack() {
    try {
      account.found(recovery.sequencesBack(failed.before()));
      return true;
    } catch (Failure cannot) {
      account.failed("%s (%s)".formatted(cannot.message(), cannot.state()));
      return false;
    }
  }

  /** No script takes changed rows back, so only the backup does. */
  private Recovered rowsOnly(Left left, DataNow data) {
    sayChanged(data);
    if (!failed.others().alone()) {
      account.found(failed.others().reasons());
    }
    boolean certain = data.known() && isAlone();
    return switch (failed.policy()) {
      case STOP -> left(left);
      case RESTORE -> restored(left);
      case UNDO ->
          certain && failed.backup().isPresent() ? restore(left, Manner.WHOLE) : left(left);
    };
  }

  private void sayChanged(DataNow data) {
    data.changedWords(failed.others().alone()).ifPresent(account::found);
  }

  /** Whether nobody else was there, and nobody came. */
  private boolean isAlone() {
    return failed.others().alone() && late.others().isEmpty();
  }

  private Recovered undone(Left left) {
    boolean mended = true;
    if (left.apps().stream().anyMatch(app -> !app.failed().isEmpty())) {
      mended = failedRows.remove(left);
    }
    if (mended && scripts.run(left)) {
      return lookedAtAfterUndo(aftermath.left());
    }
    return restoredWhenProven(account.nothingUndone() ? left : aftermath.left());
  }

  private Recovered lookedAtAfterUndo(Left after) {
    if (!after.nothing()) {
      account.found("after the undo it is not as before:");
      account.found(after.words());
      return account.answer(Done.UNDONE, false, Ways.of(failed, after, null));
    }
    // A script takes back what it names; rows that a migration changed are often not in it.
    DataNow data = aftermath.dataAfterUndo(scripts.written());
    account.found("schema and migration history are as before; " + data.how());
    if (data.same() && sequencesBack()) {
      return account.answer(Done.UNDONE, true, List.of(Ways.forward(failed)));
    }
    sayChanged(data);
    return account.answer(Done.UNDONE, false, Ways.of(failed, after, null));
  }

  private Recovered restoredWhenProven(Left left) {
    if (failed.backup().isEmpty() || scripts.brokeHalfway()) {
      return left(left);
    }
    if (isAlone()) {
      return restore(left, Manner.WHOLE);
    }
    account.found(late.others());
    try (Database session = run.databases().open(run.target())) {
      for (Left.NewColumn each : left.columns()) {
        if (RecoveryQueries.holdsAnything(session, each.table(), each.column())) {
          account.failed(
              "no restore by itself: %s.%s is new and holds values, which somebody else may have written"
                  .formatted(each.table().plain(), each.column()));
          account.found(failed.others().reasons());
          return left(left);
        }
      }
    } catch (Failure unknown) {
      account.failed("no restore by itself: " + unknown.message());
      return left(left);
    }
    return restore(left, Manner.UNLESS_WRITTEN);
  }

  private Recovered restored(Left left) {
    if (failed.backup().isEmpty()) {
      account.failed("no backup was made before, so there is none to restore");
      return left(left);
    }
    return restore(left, isAlone() ? Manner.WHOLE : Manner.LEAVING);
  }

  private Recovered restore(Left left, Manner manner) {
    return backup.restore(manner).orElseGet(() -> left(left));
  }

  private Recovered left(Left left) {
    return account.left(!left.nothing(), Ways.of(failed, left, scripts.failure()));
  }
}
