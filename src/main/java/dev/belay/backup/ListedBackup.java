package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code list-backups}.
 *
 * @param state {@code complete}, {@code partial} or {@code broken}
 * @param problem why it is broken
 * @param database null where the manifest cannot be read; so are the others that may be null
 * @param level how far it is proven; null for a broken one
 * @param provenAt when that was last found
 * @param migrations the version of each app in it
 */
record ListedBackup(
    String id,
    String state,
    @Nullable String problem,
    @Nullable String database,
    Instant takenAt,
    long ageMillis,
    @Nullable Long totalBytes,
    @Nullable Long rows,
    @Nullable Level level,
    @Nullable Instant provenAt,
    Map<String, String> migrations,
    boolean encrypted,
    boolean pinned,
    @Nullable String description,
    List<String> selection) {

  static ListedBackup of(StoredBackup backup, Instant now) {
    Optional<Manifest> manifest = backup.foundManifest();
    boolean broken = backup.problem().isPresent();
    return new ListedBackup(
        backup.id(),
        broken ? "broken" : backup.manifest().isComplete() ? "complete" : "partial",
        backup.problem().orElse(null),
        manifest.map(found -> found.database().name()).orElse(null),
        backup.takenAt(),
        Math.max(0, Duration.between(backup.takenAt(), now).toMillis()),
        manifest.map(Manifest::totalBytes).orElse(null),
        manifest.map(found -> found.content().rows()).orElse(null),
        broken ? null : backup.state().level(),
        broken ? null : backup.state().provenAt().orElse(null),
        manifest.map(BackupReport::versions).orElse(Map.of()),
        manifest.map(found -> found.dump().isEncrypted()).orElse(false),
        backup.state().pinned(),
        manifest.flatMap(Manifest::description).orElse(null),
        manifest.flatMap(Manifest::selection).map(ListedBackup::words).orElse(List.of()));
  }

  private static List<String> words(dev.belay.archive.Selection selection) {
    return selection.app().map(app -> List.of("app " + app)).orElse(selection.patterns());
  }
}
