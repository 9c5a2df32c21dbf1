package dev.belay.status;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.config.Settings;
import dev.belay.core.Units;
import dev.belay.postgres.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether there is a backup to go back to: how old, how far proven, and whether any is broken. */
final class BackupCheck implements StateCheck {
  private static final String LAST = "last-backup";
  private static final String BROKEN = "broken-backups";
  static final Duration OLD = Duration.ofHours(24);

  @Override
  public List<String> names() {
    return List.of(LAST, BROKEN);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Settings settings = context.settings();
    List<StoredBackup> backups = new BackupStore(settings.folders().backups()).list();
    return List.of(
        last(settings, context.session().flatMap(ServerInfo::systemIdentifier), backups),
        broken(backups));
  }

  /** One of another server, in a folder that is shared, is no way back. */
  private static CheckResult last(
      Settings settings, Optional<String> server, List<StoredBackup> backups) {
    String database = settings.target().database();
    Optional<StoredBackup> newest =
        backups.stream()
            .filter(StoredBackup::isWayBack)
            .filter(backup -> backup.manifest().database().name().equals(database))
            .filter(
                backup -> !ServerInfo.differ(server, backup.manifest().server().systemIdentifier()))
            .findFirst();
    if (newest.isEmpty()) {
      return CheckResult.warning(
          LAST,
          "there is no whole backup of %s in %s".formatted(database, settings.folders().backups()),
          List.of(),
          "belay create-backup");
    }
    StoredBackup backup = newest.get();
    Duration age = Duration.between(backup.takenAt(), Instant.now());
    Level level = backup.state().level();
    String summary =
        "%s, %s old, proven %s".formatted(backup.id(), Units.duration(age.abs()), level);
    List<String> findings = new ArrayList<>();
    if (age.compareTo(OLD) > 0) {
      findings.add("it is older than " + Units.duration(OLD));
    }
    if (!level.reaches(Level.READABLE)) {
      findings.add("nobody has proven that it can be read");
    }
    return findings.isEmpty()
        ? CheckResult.passed(LAST, summary)
        : CheckResult.warning(
            LAST,
            summary,
            findings,
            level.reaches(Level.READABLE)
                ? "belay create-backup"
                : "belay validate-backup " + backup.id());
  }

  private static CheckResult broken(List<StoredBackup> backups) {
    List<String> broken =
        backups.stream()
            .flatMap(
                backup -> backup.problem().map(problem -> backup.id() + ": " + problem).stream())
            .toList();
    return broken.isEmpty()
        ? CheckResult.passed(BROKEN, "none")
        : CheckResult.warning(
            BROKEN,
            Units.count(broken.size(), "backup", "backups"),
            broken,
            "belay validate-backup all");
  }
}
