package dev.belay.backup;

import dev.belay.archive.BackupUse;
import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.Proof;
import dev.belay.archive.Restoration;
import dev.belay.archive.StoredBackup;
import dev.belay.archive.ToolLog;
import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.PassingTrouble;
import dev.belay.core.TableName;
import dev.belay.integrity.ContentVerdict;
import dev.belay.integrity.TableContent;
import dev.belay.pgtools.Contents;
import dev.belay.pgtools.DumpArchive;
import dev.belay.pgtools.PgRestore;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.RestoreRequest;
import dev.belay.pgtools.Tool;
import dev.belay.postgres.Database;
import dev.belay.postgres.Provision;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.swap.GuardedRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Raises a backup to a level by doing what the level says, one after the other. */
final class Proving {
  private final GuardedRun run;
  private final PostgresTools tools;
  private final Settings settings;
  private final Progress progress;
  private final int jobs;

  Proving(GuardedRun run, PostgresTools tools, int jobs) {
    this.run = run;
    this.tools = tools;
    this.settings = run.settings();
    this.progress = run.progress();
    this.jobs = jobs;
  }

  /**
   * Proves a backup from the beginning, whatever was proven before. It is in use meanwhile, so that
   * no other Belay deletes it. The first level that cannot be reached ends it.
   *
   * @throws Failure when something is in the way that is not the backup's fault and that may be
   *     gone the next time, such as a lost connection
   */
  Proven prove(StoredBackup backup, Level wanted) {
    if (backup.foundManifest().isEmpty() || wanted == Level.LISTED) {
      return new Proven(backup, backup.problem().stream().toList(), List.of());
    }
    try (BackupUse use = backup.use()) {
      return checksummed(backup, wanted);
    }
  }

  private Proven checksummed(StoredBackup backup, Level wanted) {
    long bytes = backup.foundManifest().map(Manifest::totalBytes).orElse(0L);
    List<String> problems;
    try (Progress.Bar bar = progress.bar("checksums of " + backup.id(), bytes, "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    return problems.isEmpty()
        ? proven(backup, Level.CHECKSUMMED, wanted)
        : failed(backup, Level.CHECKSUMMED, problems);
  }

  /** Goes on from files that are known to be those that were written. */
  Proven proven(StoredBackup backup, Level reached, Level wanted) {
    StoredBackup better = note(backup, Proof.of(reached, Instant.now()));
    return wanted.reaches(Level.READABLE)
        ? readable(better, wanted)
        : new Proven(better, List.of(), List.of());
  }

  private Proven readable(StoredBackup backup, Level wanted) {
    progress.step("reading every byte of " + backup.id() + " through pg_restore");
    ToolLog log = ToolLog.of(settings.folders().journal(), "pg_restore_reading", run.run());
    StoredBackup better;
    try (Cleanup.Pending discard = Cleanup.register(log::discard)) {
      DumpArchive archive = Restoration.archive(backup, settings.identityFile());
      Tool tool = tools.readerFor(backup.manifest().dump().toolMajor());
      PgRestore restore = new PgRestore(run.databases());
      restore.readable(archive, tool, log.file(), jobs, settings.stallTimeout());
      Contents contents = restore.contents(archive, tool, log.file(), settings.stallTimeout());
      List<TableName> missing =
          contents.missing(
              backup.manifest().content().tables().stream().map(TableContent::name).toList());
      if (!missing.isEmpty()) {
        return failed(
            backup,
            Level.READABLE,
            missing.stream()
                .map(table -> "the dump has no data of the table " + table.plain())
                .toList());
      }
      better = note(backup, Proof.of(Level.READABLE, Instant.now()));
    } catch (Failure failure) {
      return stopped(backup, Level.READABLE, failure);
    }
    return wanted.reaches(Level.RESTORED)
        ? restored(better, wanted)
        : new Proven(better, List.of(), List.of());
  }

  private Proven restored(StoredBackup backup, Level wanted) {
    if (!backup.manifest().isComplete()) {
      return new Proven(
          backup,
          List.of(),
          List.of("a partial backup is no database by itself, so it cannot be restored as one"));
    }
    List<String> lacking = lacking(backup.manifest());
    if (!lacking.isEmpty()) {
      return new Proven(backup, List.of(), lacking);
    }
    String name = backup.manifest().database().name();
    progress.step("restoring " + backup.id() + " into a scratch database");
    try (ScratchDatabase scratch =
        ScratchDatabase.create(
            run.databases(),
            settings.maintenance(),
            run.run(),
            backup.manifest().database().locale(),
            name,
            "proof of " + backup.id())) {
      FailPoint.reached("proof-scratch");
      Restoration.Restored restored =
          new Restoration(tools, run.databases(), progress)
              .restore(
                  new Restoration.Job(
                      backup,
                      scratch.target(),
                      run.run(),
                      jobs,
                      settings.stallTimeout(),
                      RestoreRequest.Manner.SCRATCH,
                      settings.identityFile(),
                      true,
                      false,
                      settings.folders().journal()));
      ContentVerdict verdict = restored.verdict().orElseThrow();
      if (verdict.count() > 0) {
        return failed(backup, Level.RESTORED, verdict.differences());
      }
      if (verdict.notComparable().isPresent()) {
        return new Proven(backup, List.of(), List.of(verdict.notComparable().get()));
      }
      StoredBackup better = note(backup, proof(Level.RESTORED, restored));
      return wanted.reaches(Level.SOUND)
          ? sound(better, scratch, restored)
          : new Proven(better, List.of(), List.of());
    } catch (Failure failure) {
      return stopped(backup, Level.RESTORED, failure);
    }
  }

  /** What the server lacks is no fault of the backup, but it cannot be proven there. */
  private List<String> lacking(Manifest manifest) {
    try (Database session = run.openMaintenance()) {
      return Provision.lacking(
              session, Set.copyOf(manifest.roles()), manifest.extensions().keySet())
          .stream()
          .map(Provision.Lack::what)
          .toList();
    }
  }

  private Proven sound(
      StoredBackup backup, ScratchDatabase scratch, Restoration.Restored restored) {
    progress.step("checking heaps and indexes of the restored database with amcheck");
    try (Database session = run.databases().open(scratch.target())) {
      if (!SoundnessQueries.isAvailable(session)) {
        return new Proven(
            backup,
            List.of(),
            List.of(
                "the extension amcheck is not installed on the server, or may not be created by "
                    + session.target().user()));
      }
      List<String> findings = SoundnessQueries.findings(session, progress);
      return findings.isEmpty()
          ? new Proven(note(backup, proof(Level.SOUND, restored)), List.of(), List.of())
          : failed(backup, Level.SOUND, findings);
    }
  }

  private Proof proof(Level level, Restoration.Restored restored) {
    return new Proof(
        level,
        Instant.now(),
        Optional.of(restored.restore().toMillis()),
        Optional.of(restored.verification().toMillis()),
        Optional.of(restored.serverVersion()),
        Optional.of(jobs));
  }

  /** What was found out counts also where it cannot be written down, as on a read-only disk. */
  private StoredBackup note(StoredBackup backup, Proof proof) {
    try {
      return backup.proven(proof);
    } catch (Failure cannot) {
      progress.warn("what was proven was not written down: " + cannot.message());
      return backup.provenUnwritten(proof);
    }
  }

  private Proven failed(StoredBackup backup, Level level, List<String> problems) {
    try {
      if (!backup.isStateKnown()) {
        progress.warn(
            "what was proven of %s is forgotten, and it counts as pinned from now on"
                .formatted(backup.id()));
      }
      return new Proven(backup.disproven(level), problems, List.of());
    } catch (Failure cannot) {
      return new Proven(
          backup,
          problems,
          List.of("that it is bad could not be written down: " + cannot.message()));
    }
  }

  /** What is missing or broken around the backup is no finding about it. */
  private static Proven notChecked(StoredBackup backup, Failure failure) {
    return new Proven(backup, List.of(), List.of(failure.message() + "; " + failure.hint()));
  }

  /**
   * Damage voids what was proven. Another error of pg_restore is a finding and voids nothing. What
   * is missing here, a full disk or a lost server is not the backup's fault.
   */
  private Proven stopped(StoredBackup backup, Level level, Failure failure) {
    return switch (failure.exitCode()) {
      case FINDINGS -> failed(backup, level, List.of(failure.message()));
      case FAILED ->
          PassingTrouble.isBehind(failure)
              ? notChecked(backup, failure)
              : new Proven(backup, List.of(failure.message()), List.of());
      case UNAVAILABLE, REFUSED -> notChecked(backup, failure);
      default -> throw failure;
    };
  }
}
