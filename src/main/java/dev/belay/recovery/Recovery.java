package dev.belay.recovery;

import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.WrittenTables;
import dev.belay.process.ShellWords;
import dev.belay.recovery.Recovered.Done;
import dev.belay.recovery.RecoveryQueries.HalfIndex;
import dev.belay.restore.RestoreReport;
import dev.belay.restore.WholeRestore;
import dev.belay.restore.WritesReport;
import dev.belay.rollback.WholeUndo;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes back after a migration failed, as the policy says and no further than is proven. */
public final class Recovery {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   */
  public Recovery(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Looks what the migration left, and goes back. A failure of what it tries is in the answer.
   *
   * @param held the operation lock of the target
   * @param journal of the run, which the caller ends, or leaves open when something is left
   * @throws Failure INCOMPLETE when the database cannot even be looked at
   */
  public Recovered after(FailedMigration failed, OperationLock held, Journal journal) {
    run.progress().step("looking at what %s left".formatted(failed.what()));
    try {
      journal.step("recovery", Map.of("policy", failed.policy().word()));
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message());
    }
    FailPoint.reached("recovery-begun");
    try (LateSessions late = LateSessions.begin(run)) {
      return new Attempt(failed, held, journal, late).go();
    }
  }

  /**
   * Sets sequences back that are behind where they were: no rollback does that.
   *
   * @return what was set back, in words
   * @throws Failure when one cannot be, or a large object is gone
   */
  public List<String> sequencesBack(Before before) {
    try (Database session = run.databases().open(run.target())) {
      List<String> lost = before.beyond().lost(session);
      if (lost.isEmpty()) {
        return lost;
      }
      before.beyond().putBack(session);
      List<String> still = before.beyond().lost(session);
      if (!still.isEmpty()) {
        throw Failure.incomplete(
            "not everything beside the tables is as before",
            String.join("; ", still),
            "see the state with: belay verify-state");
      }
      return lost.stream().map(each -> "was set back: " + each).toList();
    }
  }

  /** One recovery on its way. */
  private final class Attempt {
    private final FailedMigration failed;
    private final OperationLock held;
    private final Journal journal;
    private final LateSessions late;
    private final List<String> found = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> undone = new ArrayList<>();
    private boolean differs;

    /** Tables whose rows undo scripts changed; empty: that is not known. */
    private Optional<Set<TableName>> undoWritten = Optional.of(Set.of());

    private long rowsLost;
    private @Nullable Failure undoFailure;

    Attempt(FailedMigration failed, OperationLock held, Journal journal, LateSessions late) {
      this.late = late;
      this.failed = failed;
      this.held = held;
      this.journal = journal;
    }

    Recovered go() {
      Left left = look();
      if (left.nothing()) {
        DataNow data = data(false);
        found.add("schema and migration history are as before; " + data.how());
        if (data.same() && sequencesBack()) {
          return answer(Done.NOTHING_NEEDED, true, null, null, List.of(Ways.forward(failed)));
        }
        return rowsOnly(left, data);
      }
      found.addAll(left.words());
      return switch (failed.policy()) {
        case STOP -> left(left);
        case RESTORE -> restored(left);
        case UNDO -> undone(left);
      };
    }

    private boolean sequencesBack() {
      try {
        found.addAll(Recovery.this.sequencesBack(failed.before()));
        return true;
      } catch (Failure cannot) {
        failures.add("%s (%s)".formatted(cannot.message(), cannot.state()));
        return false;
      }
    }

    private Left look() {
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
                "see the state with: belay verify-state")
            .causedBy(unknown);
      }
    }

    private DataNow data(boolean committed) {
      return data(committed, failed);
    }

    private DataNow data(boolean committed, FailedMigration looked) {
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

    /** No script takes changed rows back, so only the backup does. */
    private Recovered rowsOnly(Left left, DataNow data) {
      sayChanged(data);
      if (!failed.others().alone()) {
        found.addAll(failed.others().reasons());
      }
      boolean certain = data.known() && failed.others().alone() && late.others().isEmpty();
      return switch (failed.policy()) {
        case STOP -> left(left);
        case RESTORE -> restored(left);
        case UNDO -> certain && failed.backup().isPresent() ? whole(left) : left(left);
      };
    }

    private void sayChanged(DataNow data) {
      if (!data.changed().isEmpty()) {
        found.add(
            "rows of %s changed since the backup%s"
                .formatted(
                    data.tables(),
                    failed.others().alone()
                        ? ", and nobody else was there: it was the migration"
                        : ", by the migration or by others"));
      }
    }

    private Recovered undone(Left left) {
      boolean mended = true;
      if (left.apps().stream().anyMatch(app -> !app.failed().isEmpty())) {
        mended = failedRowsRemoved(left);
      }
      if (mended && undoneByScripts(left)) {
        Left after = look();
        if (after.nothing()) {
          // A script takes back what it names; rows that a migration changed are often not in it.
          DataNow data = data(true, failed.alsoWritten(undoWritten));
          found.add("schema and migration history are as before; " + data.how());
          if (data.same() && sequencesBack()) {
            return answer(Done.UNDONE, true, null, null, List.of(Ways.forward(failed)));
          }
          sayChanged(data);
          return answer(Done.UNDONE, false, null, null, Ways.of(failed, after, null));
        }
        found.add("after the undo it is not as before:");
        found.addAll(after.words());
        return answer(Done.UNDONE, false, null, null, Ways.of(failed, after, null));
      }
      return restoredWhenProven(undone.isEmpty() ? left : look());
    }

    /**
     * What a migration without a transaction leaves when its first statement fails is, at most, an
     * index that is not valid. Its row may go when schema and rows show that nothing else of it was
     * done.
     */
    private boolean failedRowsRemoved(Left left) {
      boolean alone = left.apps().stream().allMatch(app -> app.applied().isEmpty());
      if (!alone) {
        failures.add(
            "nothing is undone by scripts, since a migration is recorded as failed and nobody knows"
                + " how far it came");
        return false;
      }
      try (Database session = run.databases().open(run.target())) {
        held.check();
        for (HalfIndex index : RecoveryQueries.halfIndexes(session)) {
          ObjectKey key =
              new ObjectKey(ObjectKind.INDEX, index.schema(), index.table(), index.name());
          if (!failed.before().catalogue().objects().containsKey(key)) {
            journal.step("half-index", Map.of("statement", index.removal()));
            session.execute("set lock_timeout = " + run.settings().lockTimeout().toMillis());
            session.execute(index.removal());
            undone.add("the invalid index %s.%s".formatted(index.schema(), index.name()));
          }
        }
        if (!Left.look(run, session, failed.before()).schema().isEmpty()) {
          failures.add("a migration is recorded as failed, and half of it is done");
          return false;
        }
        DataNow data = data(true);
        if (!data.same()) {
          sayChanged(data);
          failures.add("a migration is recorded as failed, and its row stays: " + data.how());
          return false;
        }
        held.check();
        for (Left.App app : left.apps()) {
          for (AppliedMigration row : app.failed()) {
            remove(session, app, row);
          }
        }
        return true;
      } catch (Failure broken) {
        failures.add("what failed could not be cleared away: " + broken.message());
        return false;
      }
    }

    private void remove(Database session, Left.App app, AppliedMigration row) {
      TableName table = app.table();
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
        undone.add("the row of the failed " + row.script());
      }
    }

    /** Whether all that was applied is undone. */
    private boolean undoneByScripts(Left left) {
      if (left.apps().stream().anyMatch(Left.App::gone)) {
        failures.add("the migration took something out of force, which no undo script brings back");
        return false;
      }
      List<Left.App> apps = new ArrayList<>(left.apps());
      java.util.Collections.reverse(apps);
      boolean any = !undone.isEmpty();
      for (Left.App app : apps) {
        Optional<AppliedMigration> first =
            app.applied().stream().filter(row -> row.version() != null).findFirst();
        if (first.isEmpty()) {
          continue;
        }
        any = true;
        try {
          WholeUndo.Done done =
              new WholeUndo(run, environment, version)
                  .within(
                      app.history().app(),
                      String.valueOf(first.get().version()),
                      failed.acceptedLoss(),
                      failed.jobs(),
                      held,
                      journal);
          undone.addAll(done.migrations());
          undoWritten = WrittenTables.both(undoWritten, done.written());
          rowsLost += done.rowsLost();
          done.exports().forEach(file -> found.add("what was lost is in " + file));
          done.problems().forEach(problem -> found.add("after the undo: " + problem));
        } catch (Failure failure) {
          undoFailure = failure;
          failures.add("the undo: " + failure.message());
          return false;
        }
      }
      if (!any) {
        failures.add("there is nothing in Flyway's tables that an undo script could take back");
      }
      return any;
    }

    private Recovered restoredWhenProven(Left left) {
      boolean broken = undoFailure != null && undoFailure.exitCode() == ExitCode.INCOMPLETE;
      if (failed.backup().isEmpty() || broken) {
        return left(left);
      }
      if (failed.others().alone() && late.others().isEmpty()) {
        return whole(left);
      }
      found.addAll(late.others());
      try (Database session = run.databases().open(run.target())) {
        for (Left.NewColumn each : left.columns()) {
          if (RecoveryQueries.holdsAnything(session, each.table(), each.column())) {
            failures.add(
                "no restore by itself: %s.%s is new and holds values, which somebody else may have written"
                    .formatted(each.table().plain(), each.column()));
            found.addAll(failed.others().reasons());
            return left(left);
          }
        }
      } catch (Failure unknown) {
        failures.add("no restore by itself: " + unknown.message());
        return left(left);
      }
      return restore(left, Manner.UNLESS_WRITTEN);
    }

    private Recovered restored(Left left) {
      if (failed.backup().isEmpty()) {
        failures.add("no backup was made before, so there is none to restore");
        return left(left);
      }
      boolean alone = failed.others().alone() && late.others().isEmpty();
      return restore(left, alone ? Manner.WHOLE : Manner.LEAVING);
    }

    private Recovered whole(Left left) {
      return restore(left, Manner.WHOLE);
    }

    private enum Manner {
      WHOLE,
      UNLESS_WRITTEN,
      LEAVING
    }

    private Recovered restore(Left left, Manner manner) {
      String id = failed.backup().orElseThrow();
      run.progress().step("bringing the backup %s back".formatted(id));
      WholeRestore restore = new WholeRestore(run, environment);
      try {
        journal.step("restore-backup", Map.of("backup", id));
        RestoreReport report =
            switch (manner) {
              case WHOLE -> restore.within(id, failed.jobs(), held, journal);
              case UNLESS_WRITTEN -> restore.withinUnlessWritten(id, failed.jobs(), held, journal);
              case LEAVING -> restore.withinLeaving(id, failed.jobs(), held, journal);
            };
        return swapped(report, manner);
      } catch (Failure failure) {
        failures.add("the restore: " + failure.message());
        if (failure.exitCode() == ExitCode.REFUSED && manner == Manner.UNLESS_WRITTEN) {
          found.addAll(failed.others().reasons());
        }
        if (failure.exitCode() == ExitCode.INCOMPLETE) {
          throw Failure.incomplete(
                  "%s failed, and bringing the backup %s back failed too: %s"
                      .formatted(failed.what(), id, failure.message()),
                  failure.state(),
                  failure.hint())
              .causedBy(failure);
        }
        return left(left);
      }
    }

    private Recovered swapped(RestoreReport report, Manner manner) {
      List<Way> ways = new ArrayList<>();
      WritesReport writes = report.writes();
      boolean whole = true;
      if (writes != null) {
        List<String> behind = new ArrayList<>(writes.leftBehind());
        if (manner == Manner.LEAVING) {
          behind.addAll(writes.unknown());
        }
        behind.forEach(each -> found.add("only the replaced database has: " + each));
        if (writes.carried() > 0) {
          found.add(
              Units.count(writes.carried(), "row that", "rows that")
                  + " somebody wrote meanwhile came along");
        }
        whole = behind.isEmpty();
      }
      if (manner == Manner.WHOLE && !late.others().isEmpty()) {
        // They came while the backup was brought back, when nobody looked for what they wrote.
        found.addAll(late.others());
        whole = false;
      }
      if (!whole && report.bringBack() != null) {
        ways.add(
            new Way(
                Way.Kind.LOOK, report.bringBack(), "shows what was written since, and brings it"));
      }
      ways.add(Ways.forward(failed));
      if (report.replaced() != null) {
        ways.add(
            new Way(
                Way.Kind.LOOK,
                "belay " + ShellWords.join(List.of("discard-replaced", report.replaced())),
                "frees the space of what was live until then"));
      }
      return answer(Done.RESTORED, whole, report.backup(), report.replaced(), ways);
    }

    private Recovered left(Left left) {
      differs = !left.nothing();
      return answer(Done.LEFT, false, null, null, Ways.of(failed, left, undoFailure));
    }

    private Recovered answer(
        Done done,
        boolean asBefore,
        @Nullable String backup,
        @Nullable String replaced,
        List<Way> ways) {
      return new Recovered(
          failed.policy(),
          done,
          asBefore,
          differs,
          undone,
          backup,
          replaced,
          rowsLost,
          found,
          failures,
          ways);
    }
  }
}
