package dev.belay.rehearse;

import dev.belay.archive.FileCheck;
import dev.belay.archive.Manifest;
import dev.belay.archive.Restoration;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.integrity.ContentVerdict;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.RestoreRequest;
import dev.belay.postgres.Database;
import dev.belay.scratch.Room;
import dev.belay.scratch.ScratchDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Restores a backup in a scratch database, and proves that it is as its manifest says. */
final class RestoredCopy {
  /** What a restored copy has not, and a script may be about. */
  private static final List<String> LEFT_OUT =
      List.of("EVENT TRIGGER ", "PUBLICATION ", "SUBSCRIPTION ");

  private final CopyGround ground;
  private final PostgresTools tools;
  private Optional<String> notCompared = Optional.empty();

  /**
   * @param tools with pg_restore
   */
  RestoredCopy(CopyGround ground, PostgresTools tools) {
    this.ground = ground;
    this.tools = tools;
  }

  /**
   * Restores a backup, and compares it with its manifest. That is done also where no script may be
   * tried in the copy, when it is found out too late to save it; {@link DataCopy#against} says it.
   *
   * @param forItself whether the restore is worth it without any script; then the checksums were
   *     checked
   * @throws Failure REFUSED when it does not fit the target or the server; FINDINGS when it is
   *     damaged
   */
  DataCopy make(StoredBackup backup, int jobs, boolean forItself) {
    new BackupFit(ground)
        .refuseUnfit(backup, forItself ? 0 : Room.reserve(ground.facts().largestTable()));
    Manifest manifest = backup.manifest();
    if (!forItself) {
      check(backup);
    }
    long begun = System.nanoTime();
    ground.progress().step("restoring " + backup.id() + " in a scratch database");
    ScratchDatabase first =
        ScratchDatabase.create(
            ground.replay().databases(),
            ground.replay().maintenance(),
            ground.replay().run(),
            manifest.database().locale(),
            ground.live(),
            "rehearsal of " + backup.id());
    Restoration.Restored done;
    Optional<Failure> uncut;
    try {
      FailPoint.reached("rehearse-scratch");
      done =
          new Restoration(tools, ground.replay().databases(), ground.progress())
              .restore(
                  new Restoration.Job(
                      backup,
                      first.target(),
                      ground.replay().run(),
                      jobs,
                      ground.settings().stallTimeout(),
                      RestoreRequest.Manner.SCRATCH,
                      ground.settings().identityFile(),
                      true,
                      true,
                      ground.settings().folders().journal()));
      refuseDifferent(backup, done.verdict().orElseThrow());
      noteLeftOut(done.leftOut());
      uncut = uncut(first);
    } catch (Throwable broken) {
      try {
        first.close();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      throw broken;
    }
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    return new Twinning(ground)
        .pair(
            first,
            uncut,
            bytes ->
                new Origin(
                    Optional.of(backup.id()),
                    Optional.of(backup.state().level().toString()),
                    backup.takenAt(),
                    bytes,
                    ground.facts().bytes(),
                    millis,
                    Optional.of(done.restore().toMillis()),
                    Optional.of(done.verification().toMillis())));
  }

  /** Why the rows of the backup that was restored last were only counted; empty: they are equal. */
  Optional<String> notCompared() {
    return notCompared;
  }

  /** Why what reaches beyond a copy cannot be taken out of it, which says nothing of its data. */
  private Optional<Failure> uncut(ScratchDatabase copy) {
    try (Database session = ground.session(copy)) {
      Outreach.cut(session, ground.notes());
      return Optional.empty();
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.REFUSED) {
        return Optional.of(failure);
      }
      throw failure;
    }
  }

  /** What else was left out, such as comments of extensions, no script misses. */
  private void noteLeftOut(List<String> entries) {
    List<String> missed =
        entries.stream().filter(entry -> LEFT_OUT.stream().anyMatch(entry::startsWith)).toList();
    if (!missed.isEmpty()) {
      ground
          .notes()
          .add(
              "not restored in the copy: %s; a script that changes or drops that fails there, and may be right all the same"
                  .formatted(String.join(", ", missed)));
    }
  }

  private void check(StoredBackup backup) {
    List<String> problems;
    try (Progress.Bar bar =
        ground
            .progress()
            .bar("checksums of " + backup.id(), backup.manifest().totalBytes(), "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    if (!problems.isEmpty()) {
      throw Failure.findings(
          "the backup %s is damaged: %s".formatted(backup.id(), String.join("; ", problems)),
          "choose another one: belay list-backups");
    }
  }

  private void refuseDifferent(StoredBackup backup, ContentVerdict verdict) {
    if (verdict.count() > 0) {
      throw Failure.findings(
          "the backup %s restores to something else than its manifest says: %s"
              .formatted(backup.id(), String.join("; ", verdict.differences())),
          "choose another one: belay list-backups");
    }
    notCompared = verdict.notComparable();
    notCompared.ifPresent(
        reason -> ground.notes().add("rows of the backup were counted, not compared: " + reason));
  }
}
