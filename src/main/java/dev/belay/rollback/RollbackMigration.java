package dev.belay.rollback;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.backup.SafetyBackup;
import dev.belay.batch.BatchRuns;
import dev.belay.cli.Consent;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.flyway.AfterUndo;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.HistoryForm;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.Migration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.Reconnecting;
import dev.belay.postgres.ServerInfo;
import dev.belay.report.Report;
import dev.belay.restore.WholeRestore;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.BeyondRollback;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoProof;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes applied migrations back: planned, agreed to, saved, undone, and looked at afterwards. */
public final class RollbackMigration {
  private final GuardedRun run;
  private final Planning planning;
  private final Map<String, String> environment;
  private final String version;

  /** Works out the way back. */
  @FunctionalInterface
  public interface Planning {
    UndoPlan plan(Database live);
  }

  /**
   * @param environment for finding pg_dump and pg_restore
   * @param version of this program
   */
  public RollbackMigration(
      GuardedRun run, Planning planning, Map<String, String> environment, String version) {
    this.run = run;
    this.planning = planning;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Undoes.
   *
   * @throws Failure REFUSED with all that speaks against it, before anything is changed; else as
   *     {@link Undoing#run}
   */
  public Report run(RollbackRequest request, boolean dryRun, Consent consent) {
    if (!dryRun) {
      run.recover();
    }
    try (Database session = run.databases().open(run.target())) {
      refuseStandby(session);
      UndoPlan plan = planning.plan(session);
      boolean ledger = RollbackQueries.ledgerCanBeWritten(session);
      refuse(session, plan, request, ledger);
      InTheWay inTheWay = new InTheWay(run, request.killBlocker());
      Set<TableName> tables = new TreeSet<>(PlanText.tables(plan));
      tables.add(HistoryLock.table(plan.app()));
      if (!consent.given(
          new PlanText(run, plan, request).of(inTheWay.look(session, tables), ledger))) {
        return wouldBe(plan, request);
      }
      try (OperationLock lock = run.lock();
          Journal journal = run.journal()) {
        RollbackMigrationReport report =
            carryOut(session, plan, request, inTheWay, lock, journal).report();
        journal.end(report.exitCode() == ExitCode.OK ? "ok" : "problems");
        return report;
      }
    }
  }

  /**
   * What was done.
   *
   * @param written the tables whose rows the scripts changed; empty: that is not known
   */
  record CarriedOut(RollbackMigrationReport report, Optional<Set<TableName>> written) {}

  /** The same, agreed to before, within an operation that holds the lock and keeps the journal. */
  CarriedOut within(RollbackRequest request, OperationLock lock, Journal journal) {
    try (Database session = run.databases().open(run.target())) {
      refuseStandby(session);
      UndoPlan plan = planning.plan(session);
      refuse(session, plan, request, RollbackQueries.ledgerCanBeWritten(session));
      InTheWay inTheWay = new InTheWay(run, request.killBlocker());
      return carryOut(session, plan, request, inTheWay, lock, journal);
    }
  }

  private static void refuseStandby(Database session) {
    if (ServerInfo.of(session).inRecovery()) {
      throw Failure.unavailable(
          "%s is a standby, which takes no changes".formatted(session.target()),
          "name the primary with --url");
    }
  }

  private void refuse(Database session, UndoPlan plan, RollbackRequest request, boolean ledger) {
    Refusals refusals = new Refusals();
    AppSettings app = plan.app();
    FlywayLock.holder(session, app)
        .ifPresent(
            holder ->
                refusals.add(
                    "a migration of the app '%s' is running: Flyway's lock is held by %s"
                        .formatted(app.name(), holder),
                    "run the same command again when it is done"));
    if (!HistoryForm.read(session, app).isTable()) {
      refusals.add(
          "%s is not a table".formatted(HistoryLock.table(app).plain()),
          "see what it is with: psql -c '\\d+'");
    }
    List<String> failed =
        plan.state().migrations().stream()
            .filter(migration -> migration.flywayState().isFailed())
            .map(Migration::name)
            .toList();
    if (!failed.isEmpty()) {
      refusals.add(
          "Flyway's table has failed migrations, of which nobody knows what they did: "
              + String.join(", ", failed),
          "see what to do with: belay resolve-conflicts " + app.name());
    }
    plan.state()
        .unreadableRows()
        .forEach(
            row ->
                refusals.add(
                    "Flyway's table cannot be read by Flyway: " + row,
                    "see what to do with: belay resolve-conflicts " + app.name()));
    if (plan.steps().isEmpty()) {
      refusals.add("there is nothing to undo", "see the state with: belay list-migrations");
    }
    for (UndoStep step : plan.steps()) {
      if (step.migration().version() != null && step.script().isEmpty()) {
        refusals.add(
            "%s has no undo script".formatted(step.migration().name()),
            "add one to the undo locations, or use --generated, or --restore");
      }
      if (step.parsed().map(parsed -> parsed.isEmpty()).orElse(false)) {
        refusals.add(
            "%s has no statement: an empty undo is none"
                .formatted(step.script().map(UndoScript::name).orElse("")),
            "write what takes the migration back");
      }
      if (request.hold() && step.migration().version() == null) {
        refusals.add(
            "%s is repeatable, and those cannot be held".formatted(step.migration().name()),
            "leave --hold out");
      }
    }
    UndoProof proof = plan.proof();
    boolean disproven =
        proof.verdict() == UndoProof.Verdict.FAILS || proof.verdict() == UndoProof.Verdict.DIFFERS;
    if (disproven && !request.unproven()) {
      refusals.add(
          proof.verdict() == UndoProof.Verdict.FAILS
              ? "in a scratch database the undo fails: " + proof.reason().orElse("")
              : "in a scratch database the undo gives another schema: "
                  + String.join("; ", proof.differences()),
          "mend the undo scripts; or, when you know better, add --unproven");
    }
    if (proof.verdict() == UndoProof.Verdict.NOT_TRIED
        && plan.isComplete()
        && plan.steps().stream().anyMatch(step -> step.script().isPresent())
        && !request.unproven()) {
      refusals.add(
          "the undo could not be tried in a scratch database: " + proof.reason().orElse(""),
          "mend that; or, when you know what the scripts do, add --unproven");
    }
    if (request.hold() && !plan.vanishing().isEmpty() && !ledger) {
      refusals.add(
          "%s would vanish, and this role cannot write the ledger, which has to know that until what is held is reopened"
              .formatted(plan.vanishing().get(0).name()),
          "let the role write the schema belay, or leave --hold out");
    }
    // What is only estimated may be less, and is counted under the locks; what is counted is not.
    List<UndoLoss> counted = plan.losses().stream().filter(UndoLoss::exact).toList();
    try {
      request.refuseLoss(
          counted.stream().mapToLong(UndoLoss::rows).sum(), LossAccount.words(plan.losses()));
    } catch (Failure tooMuch) {
      refusals.add(tooMuch);
    }
    if (request.backup()) {
      try {
        new SafetyBackup(run, environment, version).check(request.jobs());
      } catch (Failure inTheWay) {
        refusals.add(
            "no backup can be made: " + inTheWay.message(),
            inTheWay.hint() + ", or add --no-backup");
      }
    }
    try {
      BatchRuns.refuseOpen(session, HistoryLock.table(app));
    } catch (Failure open) {
      refusals.add(open);
    }
    refusals.refuse();
  }

  private CarriedOut carryOut(
      Database session,
      UndoPlan plan,
      RollbackRequest request,
      InTheWay inTheWay,
      OperationLock lock,
      Journal journal) {
    LossAccount account =
        new LossAccount(
            new LossExport(run, plan.app(), request.jobs(), version),
            plan.app(),
            request.export(),
            run.settings());
    account.add(plan.losses());
    Optional<String> backup = Optional.empty();
    BeyondRollback beyond = BeyondRollback.read(session);
    boolean begun = false;
    try {
      refuseChanged(session, plan);
      Afterwards afterwards = new Afterwards(run, plan, PlanText.tables(plan));
      Afterwards.Before before = afterwards.before(session);
      if (request.backup()) {
        run.progress().step("making a backup first");
        backup =
            Optional.of(
                new SafetyBackup(run, environment, version)
                    .make(lock, request.jobs(), "before rollback-migration " + names(plan)));
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
      return new CarriedOut(
          report(plan, request, account, inTheWay, backup, undone, tries, afterwards, before),
          undone.written());
    } catch (Failure failure) {
      throw told(begun ? putBack(beyond, failure) : failure, journal, backup, account);
    } catch (Stepwise.Restoring restoring) {
      throw restored(restoring, request, backup, lock, journal);
    }
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
      UndoPlan plan,
      RollbackRequest request,
      LossAccount account,
      InTheWay inTheWay,
      Optional<String> backup,
      Undone undone,
      int tries,
      Afterwards afterwards,
      Afterwards.Before before) {
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
        account.files().stream().map(Path::toString).toList(),
        backup.orElse(null),
        undone.heldNanos() / 1_000_000,
        tries,
        inTheWay.ended(),
        nextStart(plan, request),
        found.problems(),
        found.notes());
  }

  private RollbackMigrationReport wouldBe(UndoPlan plan, RollbackRequest request) {
    return new RollbackMigrationReport(
        run.target().toString(),
        plan.app().name(),
        true,
        plan.steps().stream()
            .map(
                step ->
                    new RollbackMigrationReport.Line(
                        step.migration().name(),
                        Undoing.method(step.script()),
                        null,
                        null,
                        step.parsed().map(parsed -> parsed.statements().size()).orElse(0),
                        0))
            .toList(),
        plan.rowsLost(),
        plan.losses().stream().map(RollbackMigrationReport.Lost::of).toList(),
        List.of(),
        null,
        null,
        0,
        List.of(),
        nextStart(plan, request),
        List.of(),
        plan.notes());
  }

  private static List<String> nextStart(UndoPlan plan, RollbackRequest request) {
    return AfterUndo.words(plan.state(), PlanText.gone(plan), request.hold());
  }

  /** A second operator may have been at it while this one read the plan. */
  private static void refuseChanged(Database session, UndoPlan plan) {
    BatchRuns.refuseOpen(session, HistoryLock.table(plan.app()));
    if (!HistoryQueries.read(session, plan.app()).equals(plan.state().history())) {
      throw Failure.refused(
          "the history of %s changed while the plan was shown".formatted(plan.app().name()),
          "look at the new plan: run the same command again");
    }
  }

  private Failure told(
      Failure failure, Journal journal, Optional<String> backup, LossAccount account) {
    if (failure.exitCode() == ExitCode.INCOMPLETE) {
      journal.leaveOpen();
      return backup
          .map(
              id ->
                  Failure.incomplete(
                          failure.message(),
                          failure.state() + "; the backup from before is " + id,
                          failure.hint() + "; or, for the state before: belay backup-restore " + id)
                      .causedBy(failure))
          .orElse(failure);
    }
    account
        .files()
        .forEach(file -> run.progress().detail("left, since nothing was undone: " + file));
    return failure;
  }

  private Failure restored(
      Stepwise.Restoring restoring,
      RollbackRequest request,
      Optional<String> backup,
      OperationLock lock,
      Journal journal) {
    Failure broken = restoring.broken();
    String id = backup.orElseThrow();
    run.progress().warn(broken.message());
    run.progress().warn("bringing the backup %s back, as --on-failure restore says".formatted(id));
    try {
      new WholeRestore(run, environment).within(id, request.jobs(), lock, journal);
    } catch (Failure again) {
      journal.leaveOpen();
      return Failure.incomplete(
              "%s; and the backup could not be brought back: %s"
                  .formatted(broken.message(), again.message()),
              broken.state(),
              "belay backup-restore " + id)
          .causedBy(again);
    }
    journal.end("restored");
    return Failure.incomplete(
            broken.message(),
            "the backup %s was brought back; what was written after it is in the replaced database: belay list-replaced"
                .formatted(id),
            "mend the undo script, then run the same command again")
        .causedBy(broken);
  }

  /**
   * Goes back by the newest backup in which none of these migrations was applied.
   *
   * @throws Failure REFUSED when there is none
   */
  Report restore(RollbackRequest request, boolean dryRun, Consent consent) {
    UndoPlan plan;
    try (Database session = run.databases().open(run.target())) {
      refuseStandby(session);
      plan = planning.plan(session);
    }
    StoredBackup backup =
        new BackupStore(run.settings().folders().backups())
            .list().stream()
                .filter(StoredBackup::isWayBack)
                .filter(each -> each.manifest().database().name().equals(run.live()))
                .filter(each -> isBefore(each, plan))
                .findFirst()
                .orElseThrow(
                    () ->
                        Failure.refused(
                            "there is no backup of %s from before %s"
                                .formatted(run.live(), names(plan)),
                            "see which there are: belay list-backups"));
    run.progress()
        .step("the newest backup from before %s is %s".formatted(names(plan), backup.id()));
    return new WholeRestore(run, environment).run(backup.id(), request.jobs(), dryRun, consent);
  }

  /** By what they are and not by their rows: one that was applied again has another row now. */
  private static boolean isBefore(StoredBackup backup, UndoPlan plan) {
    List<AppliedMigration> gone =
        plan.steps().stream().map(step -> Recording.applied(step.migration())).toList();
    return backup.manifest().migrations().stream()
        .filter(history -> history.schema().equals(plan.app().historySchema()))
        .filter(history -> history.table().equals(plan.app().historyTable()))
        .anyMatch(
            history ->
                history.inForce().stream()
                    .noneMatch(row -> gone.stream().anyMatch(each -> isSame(row, each))));
  }

  private static boolean isSame(AppliedMigration one, AppliedMigration other) {
    return Objects.equals(one.number(), other.number())
        && (one.version() != null || one.description().equals(other.description()));
  }

  private static String names(UndoPlan plan) {
    return plan.steps().stream()
        .map(step -> step.migration().name())
        .collect(Collectors.joining(", "));
  }
}
