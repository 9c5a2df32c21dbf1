package dev.belay.backup;

import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.flyway.MigrationScripts;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which backups are the only way back from a migration. That is the newest one from before it, for
 * the newest migration of each app, and for every one that was applied in the days that are kept,
 * unless an undo script is there.
 */
final class Needed {
  private final GuardedRun run;
  private final int days;

  Needed(GuardedRun run, int days) {
    this.run = run;
    this.days = days;
  }

  /** By id, what needs the backup. */
  Map<String, List<String>> byBackup(List<StoredBackup> backups, Instant now) {
    Map<String, List<String>> needed = new HashMap<>();
    List<StoredBackup> usable =
        backups.stream()
            .filter(backup -> backup.problem().isEmpty() && backup.manifest().isComplete())
            .sorted(Comparator.comparing(StoredBackup::takenAt).reversed())
            .toList();
    if (usable.isEmpty()) {
      return needed;
    }
    Target target = run.settings().target();
    List<StoredBackup> ofTarget =
        usable.stream()
            .filter(backup -> backup.manifest().database().name().equals(target.database()))
            .toList();
    for (AppSettings app : run.settings().apps()) {
      history(app, ofTarget).ifPresent(history -> of(app, history, ofTarget, now, needed));
    }
    return needed;
  }

  /** As it is now; without the server, as the newest backup knows it. */
  private Optional<MigrationHistory> history(AppSettings app, List<StoredBackup> backups) {
    try (Database session = run.databases().open(run.settings().target())) {
      return Optional.of(HistoryQueries.read(session, app));
    } catch (Failure unreachable) {
      run.progress()
          .warn(
              "the migrations of %s were taken from the newest backup: %s"
                  .formatted(app.name(), unreachable.message()));
      return backups.stream().findFirst().flatMap(backup -> history(app, backup.manifest()));
    }
  }

  private static Optional<MigrationHistory> history(AppSettings app, Manifest manifest) {
    return manifest.migrations().stream()
        .filter(history -> history.app().equals(app.name()))
        .findFirst();
  }

  private void of(
      AppSettings app,
      MigrationHistory history,
      List<StoredBackup> backups,
      Instant now,
      Map<String, List<String>> needed) {
    List<AppliedMigration> inForce = history.inForce();
    MigrationScripts scripts = MigrationScripts.scan(app, run.settings().target());
    for (int index = 0; index < inForce.size(); index++) {
      AppliedMigration migration = inForce.get(index);
      boolean newest = index == inForce.size() - 1;
      if (hasUndo(scripts, migration) || !(newest || isYoung(migration, now))) {
        continue;
      }
      backups.stream()
          .filter(backup -> lacks(backup.manifest(), app, migration))
          .findFirst()
          .ifPresent(
              backup ->
                  needed
                      .computeIfAbsent(backup.id(), id -> new ArrayList<>())
                      .add(
                          "the way back from %s of the app %s, which has no undo script"
                              .formatted(migration.script(), app.name())));
    }
  }

  private static boolean hasUndo(MigrationScripts scripts, AppliedMigration migration) {
    String version = migration.version();
    return version != null && scripts.undo(MigrationVersion.of(version)).isPresent();
  }

  private boolean isYoung(AppliedMigration migration, Instant now) {
    Instant at = migration.installedOn();
    return at == null || at.isAfter(now.minus(Duration.ofDays(days)));
  }

  private static boolean lacks(Manifest manifest, AppSettings app, AppliedMigration migration) {
    return history(app, manifest).map(MigrationHistory::inForce).orElse(List.of()).stream()
        .noneMatch(there -> there.script().equals(migration.script()));
  }
}
