package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.report.Report;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.swap.GuardedRun;
import java.util.Map;
import java.util.Set;

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

  /** A restored copy, until it is closed. */
  private record Copy(
      ScratchDatabase scratch,
      RestoreSource.Job job,
      RestoreSource.Restored restored,
      TableChoice choice)
      implements AutoCloseable {
    @Override
    public void close() {
      scratch.close();
    }
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
    Set<TableName> only;
    try (Database live = run.databases().open(run.target())) {
      TableChoice.refuseTypos(request.tables(), facts.rows(), live);
      only = TableChoice.needed(request.tables(), facts.rows(), live);
    }
    try (Copy copy = enough(source, request, only)) {
      TableMerging merging =
          new TableMerging(
              run, source, request, copy.job(), copy.restored(), copy.choice(), consent, begin);
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

  /**
   * With the rows of the tables that are meant, which the manifest proves; with those of all where
   * it turns out that this was not enough.
   */
  private Copy enough(RestoreSource source, TableRequest request, Set<TableName> only) {
    if (only.isEmpty()) {
      return restored(source, request, only);
    }
    Copy copy = restored(source, request, only);
    try (Database there = run.databases().open(copy.job().target())) {
      if (copy.choice().isWithin(only, there)) {
        return copy;
      }
    } catch (Throwable broken) {
      copy.close();
      throw broken;
    }
    copy.close();
    run.progress().step("the tables were divided otherwise then, so the whole backup is needed");
    return restored(source, request, Set.of());
  }

  /**
   * A dump of tables alone may need schemas and types that are not in it. Whatever it was restored
   * on, its rows are proven by the manifest.
   */
  private Copy restored(RestoreSource source, TableRequest request, Set<TableName> only) {
    RestoreSource.Manner manner =
        only.isEmpty() ? RestoreSource.Manner.SCRATCH : RestoreSource.Manner.SCRATCH_OF_TABLES;
    try {
      return restored(source, request, only, manner);
    } catch (Failure broken) {
      if (source.facts().complete() || broken.exitCode() != ExitCode.FAILED) {
        throw broken;
      }
      run.progress().detail(broken.message());
      run.progress()
          .step("it needs what it does not hold: schemas and types of the live database are taken");
      return restored(source, request, only, RestoreSource.Manner.SCRATCH_ON_GROUND);
    }
  }

  private Copy restored(
      RestoreSource source,
      TableRequest request,
      Set<TableName> only,
      RestoreSource.Manner manner) {
    BackupFacts facts = source.facts();
    ScratchDatabase scratch =
        ScratchDatabase.create(
            run.databases(),
            run.maintenance(),
            run.run(),
            facts.locale(),
            run.live(),
            "restore of tables from " + facts.id());
    try {
      run.progress()
          .step(
              "restoring %s into %s"
                  .formatted(
                      only.isEmpty()
                          ? "the backup"
                          : Units.count(only.size(), "table", "tables")
                              + " of "
                              + Units.count(facts.rows().size()),
                      scratch.target().database()));
      RestoreSource.Job job =
          new RestoreSource.Job(
              scratch.target(),
              run.run(),
              request.jobs(),
              request.stallTimeout(),
              manner,
              request.verify(),
              only);
      RestoreSource.Restored restored = source.restore(job);
      restored.refuseDifferences(facts.id());
      return new Copy(scratch, job, restored, choose(scratch.target(), request));
    } catch (Throwable broken) {
      scratch.close();
      throw broken;
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
