package dev.belay.backup;

import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.flyway.MigrationScripts;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /** The histories that count for one database, and whether its scripts are at hand. */
  private record Known(List<MigrationHistory> histories, boolean ofTarget) {}

  /** By id, what needs the backup. */
  Map<String, List<String>> byBackup(List<StoredBackup> backups, Instant now) {
    Map<String, List<String>> needed = new HashMap<>();
    Map<List<Object>, List<StoredBackup>> byDatabase =
        backups.stream()
            .filter(backup -> backup.problem().isEmpty() && backup.manifest().isComplete())
            .sorted(Comparator.comparing(StoredBackup::takenAt).reversed())
            .collect(
                Collectors.groupingBy(Needed::database, LinkedHashMap::new, Collectors.toList()));
    Optional<Live> live = byDatabase.isEmpty() ? Optional.empty() : live();
    for (List<StoredBackup> ofOne : byDatabase.values()) {
      Known known = known(ofOne.get(0).manifest(), live);
      known.histories().forEach(history -> of(history, known.ofTarget(), ofOne, now, needed));
    }
    return needed;
  }

  private static List<Object> database(StoredBackup backup) {
    return List.of(
        backup.manifest().server().systemIdentifier(), backup.manifest().database().name());
  }

  /** The target as it is now. */
  private record Live(Optional<String> systemIdentifier, List<MigrationHistory> histories) {}

  private Optional<Live> live() {
    Settings settings = run.settings();
    if (settings.reached() == null) {
      run.progress().warn("no database is configured, so the newest backups tell the migrations");
      return Optional.empty();
    }
    try (Database session = run.databases().open(settings.target())) {
      return Optional.of(
          new Live(
              ServerInfo.systemIdentifier(session),
              settings.apps().stream().map(app -> HistoryQueries.read(session, app)).toList()));
    } catch (Failure unreachable) {
      run.progress()
          .warn("the newest backup tells the migrations, since: " + unreachable.message());
      return Optional.empty();
    }
  }

  /** As it is now for the target; for every other database as its newest backup knows it. */
  private Known known(Manifest newest, Optional<Live> live) {
    Target target = run.settings().reached();
    boolean sameName = target != null && newest.database().name().equals(target.database());
    Optional<String> identifier = newest.server().systemIdentifier();
    if (sameName && live.isPresent()) {
      Optional<String> now = live.get().systemIdentifier();
      if (now.isEmpty() || identifier.isEmpty() || now.equals(identifier)) {
        return new Known(live.get().histories(), true);
      }
      return new Known(newest.migrations(), false);
    }
    return new Known(newest.migrations(), sameName);
  }

  private void of(
      MigrationHistory history,
      boolean ofTarget,
      List<StoredBackup> backups,
      Instant now,
      Map<String, List<String>> needed) {
    List<AppliedMigration> inForce = history.inForce();
    Optional<MigrationScripts> scripts = ofTarget ? scripts(history.app()) : Optional.empty();
    for (int index = 0; index < inForce.size(); index++) {
      AppliedMigration migration = inForce.get(index);
      boolean newest = index == inForce.size() - 1;
      if (hasUndo(scripts, migration) || !(newest || isYoung(migration, now))) {
        continue;
      }
      backups.stream()
          .filter(backup -> lacks(backup.manifest(), history.app(), migration))
          .findFirst()
          .ifPresent(
              backup ->
                  needed
                      .computeIfAbsent(backup.id(), id -> new ArrayList<>())
                      .add(
                          "the way back from %s of the app %s, which has no undo script"
                              .formatted(migration.script(), history.app())));
    }
  }

  private Optional<MigrationScripts> scripts(String app) {
    Settings settings = run.settings();
    return settings.apps().stream()
        .filter(configured -> configured.name().equals(app))
        .findFirst()
        .map(configured -> MigrationScripts.scan(configured, settings.target()));
  }

  private static boolean hasUndo(Optional<MigrationScripts> scripts, AppliedMigration migration) {
    String version = migration.version();
    return version != null
        && scripts.flatMap(found -> found.undo(MigrationVersion.of(version))).isPresent();
  }

  private boolean isYoung(AppliedMigration migration, Instant now) {
    Instant at = migration.installedOn();
    return at == null || at.isAfter(now.minus(Duration.ofDays(days)));
  }

  /** A repeatable migration has one script for all that it ever was; its checksum tells them. */
  private static boolean lacks(Manifest manifest, String app, AppliedMigration migration) {
    return manifest.migrations().stream()
        .filter(history -> history.app().equals(app))
        .flatMap(history -> history.inForce().stream())
        .noneMatch(
            there ->
                there.script().equals(migration.script())
                    && (migration.version() != null
                        || Objects.equals(there.checksum(), migration.checksum())));
  }
}
