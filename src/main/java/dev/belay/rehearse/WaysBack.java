package dev.belay.rehearse;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.config.Settings;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Works out how long each way back would take on the live database. */
final class WaysBack {
  /** Slow on purpose: a guess that is too short is worse than one that is too long. */
  private static final long GUESSED_BYTES_PER_SECOND = 30_000_000;

  /** New connections stopped, sessions ended, both renames; measured at 50 to 300 ms. */
  private static final long SWAP_MILLIS = 1_000;

  private WaysBack() {}

  /**
   * The ways, the undo first where there is one.
   *
   * @param notes is told what there is not
   */
  static List<WayBack> of(
      Settings settings,
      String app,
      Origin origin,
      List<RehearsedMigration> migrations,
      List<String> notes) {
    List<WayBack> ways = new ArrayList<>();
    undo(app, origin, migrations).ifPresent(ways::add);
    restore(settings, origin)
        .ifPresentOrElse(
            ways::addAll,
            () ->
                notes.add(
                    "no whole backup of this database is proven readable, so there is no restore to fall back to: belay create-backup"));
    return ways;
  }

  private static Optional<WayBack> undo(
      String app, Origin origin, List<RehearsedMigration> migrations) {
    List<RehearsedMigration> versions =
        migrations.stream().filter(each -> each.version().isPresent()).toList();
    boolean all =
        !versions.isEmpty()
            && versions.stream()
                .allMatch(each -> each.undo().filter(undo -> undo.error().isEmpty()).isPresent());
    if (!all) {
      return Optional.empty();
    }
    long millis = versions.stream().mapToLong(each -> each.undo().orElseThrow().millis()).sum();
    long lost = migrations.stream().mapToLong(RehearsedMigration::rowsLost).sum();
    return Optional.of(
        new WayBack(
            "undo",
            millis,
            scaled(millis, origin.growth()),
            true,
            "%s on the copy of %s%s"
                .formatted(
                    Units.count(versions.size(), "undo script", "undo scripts"),
                    Units.bytes(origin.copyBytes()),
                    times(origin.growth())),
            lost == 0
                ? "nothing that was there before"
                : Units.count(lost, "row or value", "rows or values"),
            "belay " + ShellWords.join(List.of("rollback-migration", app, first(versions)))));
  }

  private static String first(List<RehearsedMigration> versions) {
    return versions.get(0).version().orElseThrow();
  }

  private static Optional<List<WayBack>> restore(Settings settings, Origin origin) {
    Optional<StoredBackup> found =
        origin.backup().isPresent()
            ? Optional.of(
                new BackupStore(settings.folders().backups())
                    .find(
                        settings
                            .folders()
                            .backups()
                            .resolve(origin.backup().orElseThrow())
                            .toString()))
            : newest(settings);
    if (found.isEmpty() || found.get().foundManifest().isEmpty()) {
      return Optional.empty();
    }
    StoredBackup backup = found.get();
    Optional<Proof> proof = backup.state().restoreProof();
    double growth =
        origin.backup().isPresent()
            ? origin.growth()
            : Math.max(
                1.0,
                (double) origin.liveBytes() / Math.max(1, backup.manifest().database().bytes()));
    long restore;
    long verify;
    boolean measured = true;
    String basis;
    if (origin.restoreMillis().isPresent()) {
      restore = origin.restoreMillis().get();
      verify = origin.verificationMillis().orElse(0L);
      basis = "the restore of %s for this rehearsal".formatted(backup.id());
    } else if (proof.isPresent()) {
      restore = proof.get().restoreMillis().orElse(0L);
      verify = proof.get().verificationMillis().orElse(0L);
      basis =
          "the restore of %s when it was proven, at %s"
              .formatted(backup.id(), Units.moment(proof.get().at()));
    } else {
      restore = 1000 + backup.manifest().database().bytes() * 1000 / GUESSED_BYTES_PER_SECOND;
      verify = 0;
      measured = false;
      basis = "a guess from the size: no restore of %s was measured".formatted(backup.id());
    }
    String loses =
        "what was written in the last %s"
            .formatted(Units.duration(Duration.between(backup.takenAt(), Instant.now())));
    String times = times(growth);
    return Optional.of(
        List.of(
            new WayBack(
                "restore",
                restore + verify,
                scaled(restore + verify, growth),
                measured,
                basis + times,
                loses,
                "belay "
                    + ShellWords.join(
                        List.of(
                            "backup-restore",
                            backup.id(),
                            "--strategy",
                            "new-database",
                            "--new-name",
                            "restored"))),
            new WayBack(
                "restore-and-swap",
                restore + verify + SWAP_MILLIS,
                scaled(restore + verify, growth) + SWAP_MILLIS,
                measured,
                basis + times + ", and a second for the swap",
                loses,
                "belay " + ShellWords.join(List.of("backup-restore", backup.id())))));
  }

  private static Optional<StoredBackup> newest(Settings settings) {
    return new BackupStore(settings.folders().backups())
        .list().stream()
            .filter(StoredBackup::isWayBack)
            .filter(
                backup -> backup.manifest().database().name().equals(settings.target().database()))
            .filter(backup -> backup.state().level().reaches(Level.READABLE))
            .findFirst();
  }

  private static long scaled(long millis, double growth) {
    return Math.round(millis * growth);
  }

  private static String times(double growth) {
    return growth < 1.05
        ? ""
        : String.format(Locale.ROOT, ", times %.1f for the size of the live database", growth);
  }
}
