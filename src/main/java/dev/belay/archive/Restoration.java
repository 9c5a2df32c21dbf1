package dev.belay.archive;

import dev.belay.cli.Progress;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Together;
import dev.belay.integrity.Content;
import dev.belay.integrity.ContentComparison;
import dev.belay.integrity.ContentVerdict;
import dev.belay.integrity.LargeObjects;
import dev.belay.pgtools.DumpArchive;
import dev.belay.pgtools.Identity;
import dev.belay.pgtools.PgRestore;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.RestoreRequest;
import dev.belay.pgtools.RestoreResult;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Restores a backup into a database, and compares what is there then with its manifest. */
public final class Restoration {
  private final PostgresTools tools;
  private final Databases databases;
  private final Progress progress;

  public Restoration(PostgresTools tools, Databases databases, Progress progress) {
    this.tools = tools;
    this.databases = databases;
    this.progress = progress;
  }

  /**
   * What is to be restored where. The backup's checksums must have been checked.
   *
   * @param target an empty database, or the live one for the manner in place
   * @param stallTimeout pg_restore is ended when it makes no progress for so long
   * @param identityFile opens an encrypted backup
   * @param verify compare rows, fingerprints and sequences with the manifest
   * @param analyze gather statistics, while it is compared
   * @param logs the folder that keeps what pg_restore prints when it fails
   * @param only the tables whose rows are restored, and compared; empty: all
   */
  public record Job(
      StoredBackup backup,
      Target target,
      RunId run,
      int jobs,
      Duration stallTimeout,
      RestoreRequest.Manner manner,
      Optional<Path> identityFile,
      boolean verify,
      boolean analyze,
      Path logs,
      Set<TableName> only) {
    public Job {
      only = Set.copyOf(only);
    }

    /** One with the rows of all tables. */
    public Job(
        StoredBackup backup,
        Target target,
        RunId run,
        int jobs,
        Duration stallTimeout,
        RestoreRequest.Manner manner,
        Optional<Path> identityFile,
        boolean verify,
        boolean analyze,
        Path logs) {
      this(
          backup,
          target,
          run,
          jobs,
          stallTimeout,
          manner,
          identityFile,
          verify,
          analyze,
          logs,
          Set.of());
    }

    Content expected() {
      Content all = backup.manifest().content();
      return only.isEmpty()
          ? all
          : new Content(
              all.form(),
              all.probe(),
              all.tables().stream().filter(table -> only.contains(table.name())).toList(),
              all.sequences(),
              new LargeObjects(0, Optional.empty()));
    }
  }

  /**
   * What came of it.
   *
   * @param verdict empty: nothing was compared
   * @param leftOut entries of the dump that were not restored, each with its reason
   * @param serverVersion of the server that it was restored on
   */
  public record Restored(
      Duration restore,
      Duration verification,
      Optional<ContentVerdict> verdict,
      List<String> leftOut,
      String serverVersion) {}

  /**
   * Restores, and verifies.
   *
   * @throws Failure FAILED when pg_restore fails, UNAVAILABLE when there is none that can read the
   *     backup or nothing that opens it
   */
  public Restored restore(Job job) {
    Manifest manifest = job.backup().manifest();
    try (BackupUse use = job.backup().use()) {
      ServerInfo server = server(job);
      ToolLog log = ToolLog.of(job.logs(), "pg_restore", job.run());
      RestoreResult result =
          new PgRestore(databases)
              .restore(
                  new RestoreRequest(
                      archive(job.backup(), job.identityFile()),
                      job.target(),
                      job.run(),
                      server,
                      tools.restoreFor(manifest.dump().toolMajor(), server),
                      job.jobs(),
                      job.manner(),
                      log.file(),
                      job.stallTimeout(),
                      job.only()));
      FailPoint.reached("pg-restore-ended");
      log.discard();
      for (String entry : result.leftOut()) {
        // What was not asked for is no news.
        if (job.only().isEmpty()) {
          progress.warn("not restored: " + entry);
        } else {
          progress.detail("not restored: " + entry);
        }
      }
      long begin = System.nanoTime();
      AtomicReference<@Nullable ContentVerdict> verdict = new AtomicReference<>();
      List<Runnable> tasks = new ArrayList<>();
      if (job.verify()) {
        tasks.add(() -> verdict.set(compare(job)));
      }
      if (job.analyze()) {
        tasks.add(() -> analyze(job.target()));
      }
      Together.run("the restore", tasks);
      Duration verification = Duration.ofNanos(System.nanoTime() - begin);
      return new Restored(
          result.duration(),
          verification,
          Optional.ofNullable(verdict.get()),
          result.leftOut(),
          server.version());
    }
  }

  /** In a session of its own: one that was idle for hours may have been forgotten on the way. */
  private ContentVerdict compare(Job job) {
    try (Database session = databases.open(job.target())) {
      return ContentComparison.of(
          job.expected(), session, () -> databases.open(job.target()), job.jobs(), progress);
    }
  }

  /** Without statistics the first queries of the application would be slow. */
  private void analyze(Target target) {
    try (Database session = databases.open(target)) {
      progress.step("gathering statistics (ANALYZE)");
      session.execute("analyze");
    }
  }

  private ServerInfo server(Job job) {
    try (Database session = databases.open(job.target())) {
      return ServerInfo.of(session);
    }
  }

  /**
   * The dump of a backup, with what opens it.
   *
   * @throws Failure UNAVAILABLE when it is encrypted and no identity is configured or readable
   */
  public static DumpArchive archive(StoredBackup backup, Optional<Path> identityFile) {
    if (!backup.manifest().dump().isEncrypted()) {
      return DumpArchive.folder(backup.dump());
    }
    return DumpArchive.encrypted(backup.dump(), Identity.read(identityFile));
  }
}
