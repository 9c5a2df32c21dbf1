package dev.belay.restore;

import dev.belay.archive.BackupUse;
import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.Proof;
import dev.belay.archive.Restoration;
import dev.belay.archive.StoredBackup;
import dev.belay.archive.ToolLog;
import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.MigrationHistory;
import dev.belay.integrity.ContentVerdict;
import dev.belay.pgtools.PgRestore;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.RestoreRequest;
import dev.belay.pgtools.TableTransfer;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A backup of the archive, as a restore uses it. */
final class StoredSource implements RestoreSource {
  private final GuardedRun run;
  private final PostgresTools tools;
  private StoredBackup backup;
  private @Nullable BackupUse use;

  StoredSource(GuardedRun run, PostgresTools tools, StoredBackup backup) {
    this.run = run;
    this.tools = tools;
    this.backup = backup;
  }

  @Override
  public BackupFacts facts() {
    Manifest manifest = backup.manifest();
    Map<String, Long> rows = new HashMap<>();
    manifest
        .content()
        .tables()
        .forEach(table -> rows.put(table.name().plain(), table.content().rows()));
    Map<String, List<String>> migrations = new LinkedHashMap<>();
    for (MigrationHistory history : manifest.migrations()) {
      migrations.put(
          history.app(), history.inForce().stream().map(AppliedMigration::script).toList());
    }
    return new BackupFacts(
        backup.id(),
        manifest.takenAt(),
        manifest.database().name(),
        manifest.server().systemIdentifier(),
        manifest.server().versionNumber(),
        manifest.isComplete(),
        manifest.database().owner(),
        manifest.database().locale(),
        manifest.database().properties(),
        manifest.database().bytes(),
        rows,
        new HashSet<>(manifest.roles()),
        manifest.extensions(),
        migrations,
        backup.state().level().reaches(Level.READABLE),
        measured());
  }

  private Optional<Duration> measured() {
    return backup.state().restoreProof().flatMap(StoredSource::whole).map(Duration::ofMillis);
  }

  private static Optional<Long> whole(Proof proof) {
    return proof.restoreMillis().map(millis -> millis + proof.verificationMillis().orElse(0L));
  }

  /** Bytes that are those that pg_restore once read need not be read by it again. */
  @Override
  public void check(boolean readable) {
    Manifest manifest = backup.manifest();
    if (use == null) {
      use = backup.use();
    }
    List<String> problems;
    try (Progress.Bar bar =
        run.progress().bar("checksums of " + backup.id(), manifest.totalBytes(), "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    if (!problems.isEmpty()) {
      backup = backup.disproven(Level.CHECKSUMMED);
      throw Failure.findings(
          "the backup %s is damaged: %s".formatted(backup.id(), String.join("; ", problems)),
          "choose another one: belay list-backups");
    }
    boolean known = backup.state().level().reaches(Level.READABLE);
    if (readable && !known) {
      ToolLog log = ToolLog.of(run.settings().folders().journal(), "pg_restore_reading", run.run());
      try (Cleanup.Pending discard = Cleanup.register(log::discard)) {
        new PgRestore(run.databases())
            .readable(
                Restoration.archive(backup, run.settings().identityFile()),
                tools.readerFor(manifest.dump().toolMajor()),
                log.file(),
                run.settings().jobs(),
                run.settings().stallTimeout());
      }
    }
  }

  @Override
  public Restored restore(Job job) {
    if (job.manner() == Manner.SCRATCH_ON_GROUND) {
      withLog(
          "pg_dump_ground",
          job,
          log -> transfer().ground(job(run.target(), job.target(), List.of(), log, job)));
    }
    Restoration.Restored restored =
        new Restoration(tools, run.databases(), run.progress())
            .restore(
                new Restoration.Job(
                    backup,
                    job.target(),
                    job.run(),
                    job.jobs(),
                    job.stallTimeout(),
                    manner(job.manner()),
                    run.settings().identityFile(),
                    job.verify(),
                    !job.inPlace(),
                    run.settings().folders().journal(),
                    job.only()));
    Optional<ContentVerdict> verdict = restored.verdict();
    verdict
        .flatMap(ContentVerdict::notComparable)
        .ifPresent(
            reason -> {
              throw Failure.unavailable(
                  "what was restored could not be compared with the manifest: " + reason,
                  "restore it without the comparison: --no-verify");
            });
    return new Restored(
        restored.restore(),
        restored.verification(),
        verdict.map(ContentVerdict::tables).orElse(backup.manifest().content().tables().size()),
        verdict.map(ContentVerdict::rows).orElse(backup.manifest().content().rows()),
        verdict.map(ContentVerdict::differences).orElse(List.of()));
  }

  private RestoreRequest.Manner manner(Manner manner) {
    return switch (manner) {
      case NEW -> RestoreRequest.Manner.NEW_DATABASE;
      case IN_PLACE -> RestoreRequest.Manner.IN_PLACE;
      case SCRATCH_OF_TABLES -> RestoreRequest.Manner.PART_IN_SCRATCH;
      case SCRATCH, SCRATCH_ON_GROUND ->
          backup.manifest().isComplete()
              ? RestoreRequest.Manner.SCRATCH
              : RestoreRequest.Manner.PART_IN_SCRATCH;
    };
  }

  @Override
  public void recreate(Target from, Target live, List<TableName> tables, Job job) {
    withLog("pg_restore_tables", job, log -> transfer().copy(job(from, live, tables, log, job)));
  }

  private TableTransfer transfer() {
    return new TableTransfer(tools, run.databases());
  }

  private static TableTransfer.Job job(
      Target from, Target to, List<TableName> tables, ToolLog log, Job job) {
    return new TableTransfer.Job(from, to, job.run(), tables, log.file(), job.stallTimeout());
  }

  /** It is kept only when the tools fail. */
  private void withLog(String program, Job job, Consumer<ToolLog> work) {
    ToolLog log = ToolLog.of(run.settings().folders().journal(), program, job.run());
    work.accept(log);
    log.discard();
  }

  @Override
  public void close() {
    if (use != null) {
      use.close();
    }
  }
}
