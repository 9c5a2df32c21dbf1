package dev.belay.readiness;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.pgtools.Identity;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.Tool;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ShellWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether there is a backup to go back to, and the programs that restore it. */
final class BackupPoints {
  private BackupPoints() {}

  /** The whole backups of this database, the newest first; of another server they are none. */
  static List<StoredBackup> waysBack(Look look) {
    Optional<String> server = look.session().flatMap(ServerInfo::systemIdentifier);
    return store(look).list().stream()
        .filter(StoredBackup::isWayBack)
        .filter(backup -> backup.manifest().database().name().equals(look.target().database()))
        .filter(backup -> !ServerInfo.differ(server, backup.manifest().server().systemIdentifier()))
        .toList();
  }

  private static BackupStore store(Look look) {
    return new BackupStore(look.settings().folders().backups());
  }

  static Point newest(Look look) {
    Level level = look.limits().backupLevel();
    Duration oldest = look.limits().backupMaxAge();
    String limit = "younger than %s and at least %s".formatted(Units.duration(oldest), level);
    List<StoredBackup> all = waysBack(look);
    String make = "belay create-backup" + (level == Level.READABLE ? "" : " --level " + level);
    if (all.isEmpty()) {
      return Point.failed(
          Topic.BACKUP,
          "there is no whole backup of %s in %s"
              .formatted(look.target().database(), store(look).root()),
          limit,
          List.of(),
          make);
    }
    Optional<StoredBackup> good =
        all.stream().filter(backup -> backup.state().level().reaches(level)).findFirst();
    StoredBackup backup = good.orElse(all.get(0));
    Duration age = Duration.between(backup.takenAt(), Instant.now());
    // An age in a file stands still; so does nothing at all of a backup that nobody has proven.
    good.ifPresent(
        proven ->
            look.measured(
                "belay_backup_timestamp_seconds",
                "When the newest backup was taken that is proven as far as is asked for.",
                (double) proven.takenAt().getEpochSecond()));
    look.measured(
        "belay_backup_level",
        "How far it is proven: 0 listed, 1 checksummed, 2 readable, 3 restored, 4 sound.",
        List.of(Level.values()).indexOf(backup.state().level()));
    look.measured("belay_backup_bytes", "How big it is.", (double) backup.manifest().totalBytes());
    List<String> findings = new ArrayList<>();
    String hint = make;
    if (age.compareTo(oldest) > 0) {
      findings.add("it is older than " + Units.duration(oldest));
    } else if (age.compareTo(Duration.ofMinutes(-5)) < 0) {
      findings.add("it is from the future: the clock of this machine or of another one is wrong");
    }
    if (good.isEmpty()) {
      findings.add("nobody has proven that it is " + level);
      hint = age.compareTo(oldest) > 0 ? make : validate(backup, level);
    } else if (!findings.isEmpty() && good.get() != all.get(0)) {
      StoredBackup newer = all.get(0);
      findings.add("a newer one is only %s: %s".formatted(newer.state().level(), newer.id()));
      hint = validate(newer, level);
    }
    unopened(look, backup).ifPresent(findings::add);
    String value =
        "%s, %s old, proven %s"
            .formatted(backup.id(), Units.duration(age.abs()), backup.state().level());
    return findings.isEmpty()
        ? Point.passed(Topic.BACKUP, value, limit)
        : Point.failed(Topic.BACKUP, value, limit, findings, hint);
  }

  private static String validate(StoredBackup backup, Level level) {
    return "belay validate-backup " + ShellWords.quote(backup.id()) + " --level " + level;
  }

  /** Why this machine cannot decrypt it; empty: it can, or need not. */
  private static Optional<String> unopened(Look look, StoredBackup backup) {
    if (!backup.manifest().dump().isEncrypted()) {
      return Optional.empty();
    }
    try {
      Identity.read(look.settings().identityFile());
      return Optional.empty();
    } catch (Failure closed) {
      return Optional.of("it is encrypted: " + closed.message());
    }
  }

  /** What is on the disk of the other backups, and whether another one could be written. */
  static Point files(Look look) {
    Path root = store(look).root();
    List<StoredBackup> all;
    try {
      all = store(look).list();
    } catch (Failure unreadable) {
      return Point.failed(
          Topic.BACKUP_FILES, unreadable.message(), "", List.of(), unreadable.hint());
    }
    if (Files.exists(root) && !(Files.isDirectory(root) && Files.isWritable(root))) {
      return Point.failed(
          Topic.BACKUP_FILES,
          root + (Files.isDirectory(root) ? " may not be written to" : " is no folder"),
          "",
          List.of("every way back begins with a backup"),
          "see who owns it with: ls -ld " + ShellWords.quote(root.toString()));
    }
    List<String> broken =
        all.stream()
            .flatMap(
                backup -> backup.problem().map(problem -> backup.id() + ": " + problem).stream())
            .toList();
    String value = "%s in %s".formatted(Units.count(all.size(), "backup", "backups"), root);
    return broken.isEmpty()
        ? Point.passed(Topic.BACKUP_FILES, value + ", each with all its files", "none broken")
        : Point.warning(
            Topic.BACKUP_FILES,
            value + ", %d broken".formatted(broken.size()),
            "none broken",
            broken,
            "belay validate-backup all");
  }

  /** A backup is made before most ways back, so pg_dump is needed as well as pg_restore. */
  static Point tools(Look look) {
    PostgresTools tools = new PostgresTools(look.settings().postgresPrograms(), look.environment());
    Optional<ServerInfo> server = look.session().map(ServerInfo::of);
    List<StoredBackup> backups = waysBack(look);
    List<String> found = new ArrayList<>();
    List<Failure> missing = new ArrayList<>();
    int major = backups.isEmpty() ? 0 : backups.get(0).manifest().dump().toolMajor();
    if (server.isPresent()) {
      Tool dump = find(() -> tools.dumpFor(server.get()), found, missing);
      int archive = major > 0 ? major : dump == null ? server.get().major() : dump.major();
      find(() -> tools.restoreFor(archive, server.get()), found, missing);
    } else if (major > 0) {
      find(() -> tools.readerFor(major), found, missing);
    } else {
      throw Failure.unavailable(
          "which versions are needed is not known without the server", "see the point connection");
    }
    String limit =
        server
            .map(known -> "pg_dump and pg_restore that fit PostgreSQL " + known.major())
            .orElse("pg_restore that reads the newest backup");
    if (missing.isEmpty()) {
      return Point.passed(Topic.TOOLS, String.join(", ", found), limit);
    }
    return Point.failed(
        Topic.TOOLS,
        found.isEmpty() ? "none that fits" : "only " + String.join(", ", found),
        limit,
        missing.stream().map(Failure::message).distinct().toList(),
        missing.get(0).hint());
  }

  private static @Nullable Tool find(
      Supplier<Tool> search, List<String> found, List<Failure> missing) {
    try {
      Tool tool = search.get();
      found.add(tool.toString());
      return tool;
    } catch (Failure none) {
      missing.add(none);
      return null;
    }
  }
}
