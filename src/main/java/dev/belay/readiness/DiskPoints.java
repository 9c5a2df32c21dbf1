package dev.belay.readiness;

import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether there is room for another backup, and for a restored database beside the live one. */
final class DiskPoints {
  private DiskPoints() {}

  static Point backups(Look look) {
    Path folder = look.settings().folders().backups();
    long size = size(look);
    return point(
        Topic.BACKUP_DISK,
        look,
        folder,
        size,
        "free disk space, for example with: belay cleanup-backups");
  }

  /** Room on another machine cannot be seen by SQL. */
  static Point server(Look look) {
    long size = look.database().number(ReadinessQueries.SIZE);
    Optional<Path> folder =
        look.isNear()
            ? ReadinessQueries.dataFolder(look.database()).map(Path::of).filter(Files::isDirectory)
            : Optional.empty();
    if (folder.isEmpty()) {
      return Point.warning(
          Topic.SERVER_DISK,
          "not visible from here; the database has " + Units.bytes(size),
          limit(look, size),
          List.of(),
          "look on the server with: df -h");
    }
    return point(
        Topic.SERVER_DISK,
        look,
        folder.get(),
        size,
        "free disk space, for example with: belay discard-replaced all");
  }

  private static long size(Look look) {
    if (look.session().isPresent()) {
      return look.database().number(ReadinessQueries.SIZE);
    }
    return BackupPoints.waysBack(look).stream()
        .findFirst()
        .map(StoredBackup::manifest)
        .map(manifest -> manifest.database().bytes())
        .orElseThrow(
            () ->
                Failure.unavailable(
                    "how big the database is is not known without the server",
                    "see the point connection"));
  }

  private static Point point(Topic topic, Look look, Path folder, long size, String hint) {
    long free;
    Path there = existing(folder);
    try {
      free = Files.getFileStore(there).getUsableSpace();
    } catch (IOException unreadable) {
      throw Failure.unavailable(
              "the free space of %s could not be read: %s"
                  .formatted(there, unreadable.getMessage()),
              "df -h " + ShellWords.quote(there.toString()))
          .causedBy(unreadable);
    }
    String where = topic == Topic.BACKUP_DISK ? "backups" : "server";
    look.metrics()
        .gauge(
            "belay_disk_free_bytes",
            "Free disk space, where the backups and where the server's data are.",
            Map.of("database", look.target().toString(), "of", where),
            (double) free);
    look.measured("belay_database_bytes", "How big the database is.", (double) size);
    String value =
        "%s free at %s, the database has %s"
            .formatted(Units.bytes(free), folder, Units.bytes(size));
    return free >= size * look.limits().diskFactor()
        ? Point.passed(topic, value, limit(look, size))
        : Point.failed(topic, value, limit(look, size), List.of(), hint);
  }

  private static String limit(Look look, long size) {
    double factor = look.limits().diskFactor();
    String times = factor == Math.rint(factor) ? String.valueOf((long) factor) : "" + factor;
    return "at least %s times that, %s".formatted(times, Units.bytes((long) (size * factor)));
  }

  /** The folder, or what is there of the way to it. */
  private static Path existing(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      @Nullable Path parent = there.getParent();
      if (parent == null) {
        return there;
      }
      there = parent;
    }
    return there;
  }
}
