package dev.belay.drill;

import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.backup.SoundnessQueries;
import dev.belay.config.AppSettings;
import dev.belay.integrity.ContentVerdict;
import dev.belay.postgres.Database;
import dev.belay.rehearse.AppRehearsal;
import dev.belay.rehearse.BackupRehearsal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is tried on a copy: the migrations since, their undo, whether every row is there again, and
 * the server's own look at its files.
 */
final class CopyTrials {
  private final DrillGround ground;
  private final BackupTrials trials;
  private final List<AppRehearsal> apps = new ArrayList<>();

  /**
   * @param trials know of which backup the copy is, if of one
   */
  CopyTrials(DrillGround ground, BackupTrials trials) {
    this.ground = ground;
    this.trials = trials;
  }

  /** What was tried of each app. */
  List<AppRehearsal> apps() {
    return List.copyOf(apps);
  }

  /** Tries it. */
  void run(BackupRehearsal copy) {
    for (AppSettings app : ground.settings().apps()) {
      ground
          .phases()
          .phase(
              "migrations and undo",
              "app " + app.name(),
              () -> {
                AppRehearsal done = copy.app(app);
                apps.add(done);
                List<String> findings = new ArrayList<>();
                done.migrations().stream()
                    .filter(each -> !each.verdict().isGood())
                    .forEach(
                        each ->
                            findings.add(
                                "%s: %s: %s"
                                    .formatted(
                                        each.migration(),
                                        each.verdict().words(),
                                        String.join("; ", each.reasons()))));
                return new Phases.Found<>(true, findings);
              });
    }
    Optional<StoredBackup> restored = trials.restored();
    if (restored.isEmpty()) {
      return;
    }
    StoredBackup backup = restored.get();
    if (apps.stream().allMatch(AppRehearsal::proven)
        && apps.size() == ground.settings().apps().size()) {
      ground
          .phases()
          .phase(
              "verification",
              backup.id(),
              () -> {
                ContentVerdict verdict = copy.content(backup.manifest());
                return new Phases.Found<>(
                    true,
                    verdict.differences(),
                    verdict.notComparable().map(why -> "rows were only counted: " + why));
              });
    } else {
      ground
          .notes()
          .add(
              "what is there after the undo was not compared with the backup as a whole, since not"
                  + " every migration is back");
    }
    if (ground.request().amcheck()) {
      sound(copy, backup);
    }
  }

  private void sound(BackupRehearsal copy, StoredBackup backup) {
    boolean[] available = new boolean[1];
    Optional<Boolean> passed =
        ground
            .phases()
            .phase(
                "amcheck",
                backup.id(),
                () -> {
                  try (Database session = copy.session()) {
                    available[0] = SoundnessQueries.isAvailable(session);
                    return new Phases.Found<>(
                        true,
                        available[0]
                            ? SoundnessQueries.findings(session, ground.progress())
                            : List.of());
                  }
                });
    if (passed.isPresent() && !available[0]) {
      ground
          .phases()
          .lastIsSkipped(
              "the extension amcheck is not installed on the server, or this role may not create it");
    } else if (passed.isPresent() && copy.notCompared().isEmpty()) {
      trials.proven(Level.SOUND, copy);
    } else if (passed.isEmpty() && ground.phases().last().outcome() == Phase.Outcome.FAILED) {
      trials.disproven(Level.SOUND);
    }
  }
}
