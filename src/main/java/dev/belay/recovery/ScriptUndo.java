package dev.belay.recovery;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.WrittenTables;
import dev.belay.rollback.WholeUndo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Undoes by scripts what was applied, the last app first, and remembers what they changed. */
final class ScriptUndo {
  private final WholeUndo undo;
  private final FailedMigration failed;
  private final OperationLock held;
  private final Journal journal;
  private final RecoveryAccount account;
  private Optional<Set<TableName>> written = Optional.of(Set.of());
  private @Nullable Failure failure;

  ScriptUndo(
      WholeUndo undo,
      FailedMigration failed,
      OperationLock held,
      Journal journal,
      RecoveryAccount account) {
    this.undo = undo;
    this.failed = failed;
    this.held = held;
    this.journal = journal;
    this.account = account;
  }

  /** Tables whose rows the scripts changed; empty: that is not known. */
  Optional<Set<TableName>> written() {
    return written;
  }

  /** Why the undo was not done; null: nothing failed, or nobody tried. */
  @Nullable Failure failure() {
    return failure;
  }

  /** Whether the undo itself left something half done. */
  boolean brokeHalfway() {
    return failure != null && failure.exitCode() == ExitCode.INCOMPLETE;
  }

  /** Undoes; whether all that was applied is undone. */
  boolean run(Left left) {
    if (left.apps().stream().anyMatch(Left.App::gone)) {
      account.failed("the migration took something out of force, which no undo script brings back");
      return false;
    }
    List<Left.App> apps = new ArrayList<>(left.apps());
    Collections.reverse(apps);
    boolean any = !account.nothingUndone();
    for (Left.App app : apps) {
      Optional<AppliedMigration> first =
          app.applied().stream().filter(row -> row.version() != null).findFirst();
      if (first.isEmpty()) {
        continue;
      }
      any = true;
      try {
        undo(app, String.valueOf(first.get().version()));
      } catch (Failure broken) {
        failure = broken;
        account.failed("the undo: " + broken.message());
        return false;
      }
    }
    if (!any) {
      account.failed("there is nothing in Flyway's tables that an undo script could take back");
    }
    return any;
  }

  private void undo(Left.App app, String version) {
    WholeUndo.Done done =
        undo.within(
            app.history().app(), version, failed.acceptedLoss(), failed.jobs(), held, journal);
    account.undone(done.migrations());
    written = WrittenTables.both(written, done.written());
    account.lost(done.rowsLost());
    done.exports().forEach(file -> account.found("what was lost is in " + file));
    done.problems().forEach(problem -> account.found("after the undo: " + problem));
  }
}
