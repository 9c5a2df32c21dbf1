package dev.belay.rollback;

import dev.belay.archive.StoredBackup;
import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.HistoryLock;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.report.Report;
import dev.belay.restore.WholeRestore;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlan;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
      Preflight.refuseStandby(session);
      UndoPlan plan = planning.plan(session);
      boolean ledger = RollbackQueries.ledgerCanBeWritten(session);
      preflight().refuse(session, plan, request, ledger);
      InTheWay inTheWay = new InTheWay(run, request.killBlocker());
      Set<TableName> tables = new TreeSet<>(PlanText.tables(plan));
      tables.add(HistoryLock.table(plan.app()));
      if (!consent.given(
          new PlanText(run, plan, request).of(inTheWay.look(session, tables), ledger))) {
        return RollbackMigrationReport.wouldBe(run.target(), plan, request);
      }
      try (OperationLock lock = run.lock();
          Journal journal = run.journal()) {
        RollbackMigrationReport report =
            carryingOut(plan, request, inTheWay, lock, journal).run(session).report();
        journal.end(report.exitCode() == ExitCode.OK ? "ok" : "problems");
        return report;
      }
    }
  }

  /** The same, agreed to before, within an operation that holds the lock and keeps the journal. */
  CarryingOut.Done within(RollbackRequest request, OperationLock lock, Journal journal) {
    try (Database session = run.databases().open(run.target())) {
      Preflight.refuseStandby(session);
      UndoPlan plan = planning.plan(session);
      preflight().refuse(session, plan, request, RollbackQueries.ledgerCanBeWritten(session));
      InTheWay inTheWay = new InTheWay(run, request.killBlocker());
      return carryingOut(plan, request, inTheWay, lock, journal).run(session);
    }
  }

  private Preflight preflight() {
    return new Preflight(run, environment, version);
  }

  private CarryingOut carryingOut(
      UndoPlan plan,
      RollbackRequest request,
      InTheWay inTheWay,
      OperationLock lock,
      Journal journal) {
    return new CarryingOut(run, environment, version, plan, request, inTheWay, lock, journal);
  }

  /**
   * Goes back by the newest backup in which none of these migrations was applied.
   *
   * @throws Failure REFUSED when there is none
   */
  Report restore(RollbackRequest request, boolean dryRun, Consent consent) {
    UndoPlan plan;
    Optional<String> server;
    try (Database session = run.databases().open(run.target())) {
      Preflight.refuseStandby(session);
      plan = planning.plan(session);
      server = ServerInfo.systemIdentifier(session);
    }
    StoredBackup backup = BackupBefore.find(run, plan, server);
    run.progress()
        .step(
            "the newest backup from before %s is %s".formatted(PlanText.names(plan), backup.id()));
    return new WholeRestore(run, environment).run(backup.id(), request.jobs(), dryRun, consent);
  }
}
