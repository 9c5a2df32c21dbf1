package dev.belay.reconcile;

import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.Restoration;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.Units;
import dev.belay.integrity.ContentVerdict;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.RestoreRequest;
import dev.belay.postgres.Database;
import dev.belay.postgres.Provision;
import dev.belay.postgres.Snapshot;
import dev.belay.process.ShellWords;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A backup in a scratch database, proven to be what its manifest says, at one moment. */
final class ScratchCopy implements AutoCloseable {
  private final GuardedRun run;
  private final ScratchDatabase database;
  private @Nullable Snapshot snapshot;

  private ScratchCopy(GuardedRun run, ScratchDatabase database) {
    this.run = run;
    this.database = database;
  }

  /**
   * Proves that the backup's files are those that were written.
   *
   * @return what was checked, in words
   * @throws Failure FINDINGS when they are not
   */
  static String verify(StoredBackup backup, GuardedRun run) {
    Manifest manifest = backup.manifest();
    List<String> problems;
    try (Progress.Bar bar =
        run.progress().bar("checksums of " + backup.id(), manifest.totalBytes(), "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    if (!problems.isEmpty()) {
      backup.disproven(Level.CHECKSUMMED);
      throw Failure.findings(
          "the backup %s is damaged: %s".formatted(backup.id(), String.join("; ", problems)),
          "choose another one: belay list-backups");
    }
    return "%s, %s: every checksum is right"
        .formatted(
            Units.count(manifest.files().size(), "file", "files"),
            Units.bytes(manifest.totalBytes()));
  }

  /**
   * Everything of the backup and the server that speaks against it, at once.
   *
   * @throws Failure REFUSED
   */
  static void preflight(StoredBackup backup, GuardedRun run) {
    Manifest manifest = backup.manifest();
    Refusals refusals = new Refusals();
    if (!manifest.database().name().equals(run.live())) {
      refusals.add(
          "the backup %s is of %s, and the target is %s"
              .formatted(backup.id(), manifest.database().name(), run.live()),
          "choose one of the target: belay list-backups");
    }
    if (!manifest.isComplete()) {
      refusals.add(
          "the backup %s holds only a part of its database".formatted(backup.id()),
          "choose a complete one: belay list-backups");
    }
    try (Database session = run.openMaintenance()) {
      Provision.lacking(session, Set.copyOf(manifest.roles()), manifest.extensions().keySet())
          .forEach(lack -> refusals.add(lack.what(), lack.remedy()));
    }
    refusals.refuse();
  }

  /**
   * Restores it. The checksums must have been checked.
   *
   * @throws Failure FINDINGS when what was restored is not what the manifest says
   */
  static ScratchCopy restore(StoredBackup backup, GuardedRun run, PostgresTools tools, int jobs) {
    ScratchDatabase database =
        ScratchDatabase.create(
            run.databases(),
            run.maintenance(),
            run.run(),
            backup.manifest().database().locale(),
            run.live(),
            "reconcile-data " + backup.id());
    try {
      FailPoint.reached("reconcile-scratch");
      Restoration.Restored restored =
          new Restoration(tools, run.databases(), run.progress())
              .restore(
                  new Restoration.Job(
                      backup,
                      database.target(),
                      run.run(),
                      jobs,
                      run.settings().stallTimeout(),
                      RestoreRequest.Manner.SCRATCH,
                      run.settings().identityFile(),
                      true,
                      true,
                      run.settings().folders().journal()));
      equal(backup, restored.verdict().orElseThrow(), run.progress());
      return new ScratchCopy(run, database);
    } catch (Throwable broken) {
      try {
        database.close();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      throw broken;
    }
  }

  private static void equal(StoredBackup backup, ContentVerdict verdict, Progress progress) {
    if (verdict.count() > 0) {
      throw Failure.findings(
          "the backup %s restores to something else than its manifest says: %s"
              .formatted(backup.id(), String.join("; ", verdict.differences())),
          "see more with: belay "
              + ShellWords.join(List.of("validate-backup", backup.id(), "--level", "restored")));
    }
    verdict
        .notComparable()
        .ifPresent(
            reason ->
                progress.warn("rows were counted, and not compared with the manifest: " + reason));
  }

  /**
   * Another database that is the same. Only before somebody asks for the {@link #snapshot}, since
   * nobody may be with it meanwhile.
   *
   * @param purpose in words, for its comment
   */
  ScratchDatabase twin(String purpose) {
    return ScratchDatabase.copy(
        run.databases(),
        run.maintenance(),
        run.run(),
        database.target().database(),
        run.live(),
        purpose);
  }

  /** The moment of the restored backup. */
  Snapshot snapshot() {
    Snapshot taken = snapshot;
    if (taken == null) {
      taken = Snapshot.take(run.databases(), database.target());
      snapshot = taken;
    }
    return taken;
  }

  /** Drops the database. */
  @Override
  public void close() {
    try {
      if (snapshot != null) {
        snapshot.close();
      }
    } finally {
      database.close();
    }
  }
}
