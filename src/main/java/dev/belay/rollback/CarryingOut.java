package dev.belay.rollback;

import dev.belay.backup.SafetyBackup;
import dev.belay.batch.BatchRuns;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.Reconnecting;
import dev.belay.process.ShellWords;
import dev.belay.restore.WholeRestore;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.BeyondRollback;
import dev.belay.undo.UndoPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries out what was agreed to: the backup, the undo, and a look afterwards. What fails says what
 * is left.
 */
final class CarryingOut {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;
  private final UndoPlan plan;
  private final RollbackRequest request;
  private final InTheWay inTheWay;
  private final OperationLock lock;
  private final Journal journal;
  private final LossAccount account;
  private Optional<String> backup = Optional.empty();

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   */
  CarryingOut(
      GuardedRun run,
      Map<String, String> environment,
      String version,
      UndoPlan plan,
      RollbackRequest request,
      InTheWay inTheWay,
      OperationLock lock,
      Journal journal) {
    this.run = run;
    this.environment = environment;
    this.version = version;
    this.plan = plan;
    this.request = request;
    this.inTheWay = inTheWay;
    this.lock = lock;
    this.journal = journal;
    this.account =
        new LossAccount(
            new LossExport(run, plan.app(), request.jobs(), version),
            plan.app(),
            request.export(),
            run.settings());
    account.add(plan.losses());
  }

  /**
   * What was done.
   *
   * @param written the tables whose rows the scripts changed; empty: that is not known
   */
  record Done(RollbackMigrationReport report, Optional<Set<TableName>> written) {}

  /**
   * Carries it out.
   *
   * @throws Failure as {@link Undoing#run}
   */
  Done run(Database session) {
    BeyondRollback beyond = BeyondRollback.read(session);
    boolean begun = false;
    try {
      refuseChanged(session);
      Afterwards afterwards = new Afterwards(run, plan, PlanText.tables(plan));
      Afterwards.Before before = afterwards.before(session);
      if (request.backup()) {
        run.progress().step("making a backup first");
        backup =
            Optional.of(
                new SafetyBackup(run, environment, version)
                    .make(
                        lock, request.jobs(), "before rollback-migration " + PlanText.names(plan)));
        journal.step("backup", Map.of("backup", backup.get()));
      }
      FailPoint.reached("rollback-backup");
      GuardedTransaction guarded =
          new GuardedTransaction(run, plan, request, account, inTheWay, lock, journal);
      begun = true;
      Undone undone =
          plan.isTransactional()
              ? new Undoing(run, plan, request, account, guarded, journal, version)
                  .run(session, backup)
              : new Stepwise(run, plan, request, account, inTheWay, guarded, lock, journal, version)
                  .run(session, backup);
      int tries = plan.isTransactional() ? guarded.tries() : 1;
      return new Done(report(undone, tries, afterwards, before), undone.written());
    } catch (Failure failure) {
      throw told(begun ? putBack(beyond, failure) : failure);
    } catch (Restoring restoring) {
      throw restored(restoring);
    } catch (RuntimeException | Error defect) {
      if (begun) {
        throw told(unsettled(defect));
      }
      throw defect;
    }
  }

  /** Who breaks halfway does not know what is left, and promises nothing. */
  private Failure unsettled(Throwable defect) {
    return Failure.incomplete(
            Failure.unexpected(defect).message(),
            "what of it is undone is not known",
            "see what is applied with: "
                + ShellWords.join(List.of("belay", "list-migrations", plan.app().name())))
        .causedBy(defect);
  }

  /** A refusal promises a database as it was before, and a rollback leaves sequences alone. */
  private Failure putBack(BeyondRollback beyond, Failure failure) {
    if (failure.exitCode() == ExitCode.INCOMPLETE || beyond.isWithoutSequences()) {
      return failure;
    }
    // The session may be the one whose connection was lost, with a server that crashed.
    try (Database fresh = Reconnecting.open(run.databases(), run.target())) {
      beyond.putBack(fresh);
      return failure;
    } catch (Failure broken) {
      return broken.exitCode() == ExitCode.INCOMPLETE
          ? broken
          : Failure.incomplete(
                  failure.message() + "; and then: " + broken.message(),
                  "everything was rolled back; sequences that the scripts set may be lower than before",
                  "see whether one is behind: belay verify-integrity")
              .causedBy(failure);
    }
  }

  private RollbackMigrationReport report(
      Undone undone, int tries, Afterwards afterwards, Afterwards.Before before) {
    run.progress().step("looking whether everything is as it should be");
    Afterwards.Found found;
    // The session may be the one whose connection was lost.
    try (Database fresh = run.databases().open(run.target())) {
      found = afterwards.after(fresh, before);
    } catch (Failure unreachable) {
      found =
          new Afterwards.Found(
              List.of("it could not be looked at: " + unreachable.message()), List.of());
    }
    return new RollbackMigrationReport(
        run.target().toString(),
        plan.app().name(),
        false,
        undone.records().stream()
            .map(
                each ->
                    new RollbackMigrationReport.Line(
                        each.migration(),
                        each.method(),
                        each.type(),
                        each.rank(),
                        each.statements(),
                        each.millis()))
            .toList(),
        undone.rows(),
        undone.losses().stream().map(RollbackMigrationReport.Lost::of).toList(),
        account.files(),
        backup.orElse(null),
        undone.heldNanos() / 1_000_000,
        tries,
        inTheWay.ended(),
        PlanText.nextStart(plan, request),
        found.problems(),
        found.notes());
  }

  /** A second operator may have been at it while this one read the plan. */
  private void refuseChanged(Database session) {
    BatchRuns.refuseOpen(session, HistoryLock.table(plan.app()));
    if (!HistoryQueries.read(session, plan.app()).equals(plan.state().history())) {
      throw Failure.refused(
          "the history of %s changed while the plan was shown".formatted(plan.app().name()),
          "look at the new plan: run the same command again");
    }
  }

  private Failure told(Failure failure) {
    if (failure.exitCode() == ExitCode.INCOMPLETE) {
      journal.leaveOpen();
      return backup.map(id -> withBackup(failure, id)).orElse(failure);
    }
    account
        .files()
        .forEach(file -> run.progress().detail("left, since nothing was undone: " + file));
    return failure;
  }

  private static Failure withBackup(Failure failure, String id) {
    String restore = "belay backup-restore " + id;
    String hint = failure.hint();
    return Failure.incomplete(
            failure.message(),
            failure.state() + "; the backup from before is " + id,
            hint.contains(restore) ? hint : hint + "; or, for the state before: " + restore)
        .causedBy(failure);
  }

  private Failure restored(Restoring restoring) {
    Failure broken = restoring.broken();
    String id = backup.orElseThrow();
    run.progress().warn(broken.message());
    run.progress().warn("bringing the backup %s back, as --on-failure restore says".formatted(id));
    try {
      new WholeRestore(run, environment).within(id, request.jobs(), lock, journal);
    } catch (Failure again) {
      return notRestored(broken, again, id);
    } catch (RuntimeException | Error defect) {
      return notRestored(broken, Failure.unexpected(defect), id);
    }
    journal.end("restored");
    return Failure.incomplete(
            broken.message(),
            "the backup %s was brought back; what was written after it is in the replaced database: belay list-replaced"
                .formatted(id),
            "mend the undo script, then run the same command again")
        .causedBy(broken);
  }

  private Failure notRestored(Failure broken, Failure again, String id) {
    journal.leaveOpen();
    return Failure.incomplete(
            "%s; and the backup could not be brought back: %s"
                .formatted(broken.message(), again.message()),
            broken.state(),
            "belay backup-restore " + id)
        .causedBy(again);
  }
}
