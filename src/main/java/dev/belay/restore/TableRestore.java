package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.core.Refusals;
import dev.belay.core.Target;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.report.Report;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.swap.GuardedRun;
import java.util.Map;

/**
 * Restores single tables: the backup is restored and proven in a scratch database, compared with
 * the live tables, and merged into them. Tables that are gone are made again.
 */
final class TableRestore {
  private final GuardedRun run;
  private final MigrationsNow migrations;

  TableRestore(GuardedRun run, MigrationsNow migrations) {
    this.run = run;
    this.migrations = migrations;
  }

  /** Restores, or with {@code dryRun} shows exactly what would be done. */
  Report run(RestoreSource source, TableRequest request, boolean dryRun, Consent consent) {
    long begin = System.nanoTime();
    if (!dryRun) {
      run.recover();
    }
    BackupFacts facts = source.facts();
    run.progress().step("checking the backup " + facts.id());
    source.check(false);
    Preflight preflight;
    try (Database session = run.openMaintenance()) {
      preflight = Preflight.lookForTables(session, facts, request, run.live());
    }
    preflight.migrations(migrations.read(), Strategy.SWAP);
    preflight.refuse();
    preflight.warnings().forEach(run.progress()::warn);
    try (Database live = run.databases().open(run.target())) {
      TableChoice.refuseTypos(request.tables(), facts.rows(), live);
    }
    try (ScratchDatabase scratch =
        ScratchDatabase.create(
            run.databases(),
            run.maintenance(),
            run.run(),
            facts.locale(),
            run.live(),
            "restore of tables from " + facts.id())) {
      run.progress().step("restoring the backup into " + scratch.target().database());
      RestoreSource.Job job =
          new RestoreSource.Job(
              scratch.target(),
              run.run(),
              request.jobs(),
              request.stallTimeout(),
              RestoreSource.Manner.SCRATCH,
              request.verify());
      RestoreSource.Restored restored = source.restore(job);
      restored.refuseDifferences(facts.id());
      TableChoice choice = choose(scratch.target(), request);
      TableMerging merging =
          new TableMerging(run, source, request, job, restored, choice, consent, begin);
      if (dryRun) {
        return merging.look();
      }
      try (OperationLock lock = run.lock();
          Journal journal = run.journal()) {
        lock.check();
        journal.step("merge", Map.of("database", run.live(), "backup", facts.id()));
        Report report = merging.merge(journal);
        journal.end("ok");
        return report;
      }
    }
  }

  private TableChoice choose(Target copy, TableRequest request) {
    Refusals refusals = new Refusals();
    try (Database there = run.databases().open(copy);
        Database live = run.databases().open(run.target())) {
      TableChoice choice = TableChoice.of(there, live, request.tables(), refusals);
      refusals.refuse();
      return choice;
    }
  }
}
