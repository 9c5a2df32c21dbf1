package dev.belay.drill;

import dev.belay.archive.BackupStore;
import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.config.ScratchSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.rehearse.BackupRehearsal;
import dev.belay.rehearse.LiveFacts;
import dev.belay.rehearse.Origin;
import dev.belay.scratch.ScratchReplay;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries backups, the newest first, until one can be restored, and writes down what that proves of
 * them.
 */
final class BackupTrials {
  /** So many backups are read when the newer ones are damaged. */
  private static final int TRIED = 3;

  private final DrillGround ground;
  private @Nullable StoredBackup restored;
  private @Nullable Origin origin;

  BackupTrials(DrillGround ground) {
    this.ground = ground;
  }

  /** The one that was restored; empty: none was. */
  Optional<StoredBackup> restored() {
    return Optional.ofNullable(restored);
  }

  /** How its copy was made; empty: none was restored. */
  Optional<Origin> origin() {
    return Optional.ofNullable(origin);
  }

  /** The newest that can be restored; those that cannot are findings. */
  Optional<BackupRehearsal> newest(ScratchReplay replay, LiveFacts facts) {
    Candidates candidates =
        new Candidates(
            new BackupStore(ground.settings().folders().backups()), ground.live(), facts.server());
    Candidates.Found found = candidates.of(ground.request().backup());
    ground.notes().addAll(found.notes());
    found.none().ifPresent(why -> ground.phases().failed("backup", "", why));
    int tried = 0;
    for (StoredBackup backup : found.backups()) {
      if (tried == TRIED) {
        ground.notes().add("backups older than those %d were not tried".formatted(TRIED));
        return Optional.empty();
      }
      Optional<String> against =
          backup
              .problem()
              .map(problem -> "it is broken: " + problem)
              .or(() -> candidates.against(backup.manifest()));
      if (against.isPresent()) {
        ground.phases().failed("backup", backup.id(), against.get());
        continue;
      }
      tried++;
      if (ground.phases().phase("checksums", backup.id(), () -> checksums(backup)).isEmpty()) {
        continue;
      }
      Optional<BackupRehearsal> copy =
          ground.phases().phase("restore", backup.id(), () -> restore(replay, backup, facts));
      if (copy.isPresent()) {
        restored = backup;
        origin = copy.get().origin();
        if (copy.get().notCompared().isEmpty()) {
          proven(Level.RESTORED, copy.get());
        }
        return copy;
      }
      if (ground.phases().last().outcome() == Phase.Outcome.NOT_CHECKED
          && !ground.phases().lastWasRefused()) {
        // What is missing around one is missing around the others.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Phases.Found<Boolean> checksums(StoredBackup backup) {
    List<String> problems;
    try (Progress.Bar bar =
        ground
            .progress()
            .bar("checksums of " + backup.id(), backup.manifest().totalBytes(), "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    if (!problems.isEmpty()) {
      ground.attempt(() -> backup.disproven(Level.CHECKSUMMED));
    }
    return new Phases.Found<>(true, problems);
  }

  private Phases.Found<BackupRehearsal> restore(
      ScratchReplay replay, StoredBackup backup, LiveFacts facts) {
    if (ground.settings().scratch().server() == ScratchSettings.Server.SAME) {
      refuseUnreturnable(replay, backup);
    }
    try {
      BackupRehearsal copy =
          BackupRehearsal.restore(
              ground.settings(),
              ground.databases(),
              replay,
              ground.tools(),
              backup,
              facts,
              ground.request().jobs(),
              ground.progress(),
              ground.notes());
      FailPoint.reached("drill-restored");
      return new Phases.Found<>(
          copy,
          List.of(),
          copy.notCompared().map(why -> "it was restored, and its rows only counted: " + why));
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.FINDINGS) {
        ground.attempt(() -> backup.disproven(Level.RESTORED));
      }
      throw failure;
    }
  }

  /** On the server that it is to return to, what is missing keeps it from being a way back. */
  private static void refuseUnreturnable(ScratchReplay replay, StoredBackup backup) {
    List<String> lacking = BackupRehearsal.lacking(replay, backup.manifest());
    if (!lacking.isEmpty()) {
      throw Failure.failed(
          "it cannot return to its server: " + String.join("; ", lacking),
          "make there what is missing, and drill again");
    }
  }

  /** Writes down what is proven of the one that was restored. */
  void proven(Level level, BackupRehearsal copy) {
    StoredBackup backup = Objects.requireNonNull(restored, "one was restored");
    Origin made = copy.origin();
    ground.attempt(
        () -> {
          String version;
          try (Database session = ground.databases().open(ground.settings().maintenance())) {
            version = ServerInfo.of(session).version();
          }
          backup.proven(
              new Proof(
                  level,
                  Instant.now(),
                  made.restoreMillis(),
                  made.verificationMillis(),
                  Optional.of(version),
                  Optional.of(ground.request().jobs())));
        });
  }

  /** Writes down what is disproven of the one that was restored. */
  void disproven(Level level) {
    restored().ifPresent(backup -> ground.attempt(() -> backup.disproven(level)));
  }
}
