package dev.belay.rehearse;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
   * @param request names the backup as it was typed
   * @param notes is told what there is not
   */
  static List<WayBack> of(
      Settings settings,
      RehearseRequest request,
      String app,
      Origin origin,
      List<RehearsedMigration> migrations,
      List<String> notes) {
    List<WayBack> ways = new ArrayList<>();
    undo(app, origin, migrations).ifPresent(ways::add);
    try {
      restore(settings, request, origin)
          .ifPresentOrElse(
              ways::addAll,
              () ->
                  notes.add(
                      "no whole backup of this database is proven readable, so there is no restore to fall back to: belay create-backup"));
    } catch (Failure cannot) {
      notes.add("how long a restore takes is not known: " + cannot.message());
    }
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
            lost(migrations),
            "belay " + ShellWords.join(List.of("rollback-migration", app, first(versions)))));
  }

  private static String first(List<RehearsedMigration> versions) {
    return versions.get(0).version().orElseThrow();
  }

  /** Only what is proven loses nothing; of the rest is said what the undo scripts destroy. */
  private static String lost(List<RehearsedMigration> migrations) {
    long lost = migrations.stream().mapToLong(RehearsedMigration::rowsLost).sum();
    boolean exact =
        migrations.stream().flatMap(each -> each.losses().stream()).allMatch(Lost::exact);
    String counted =
        lost == 0
            ? ""
            : (exact ? "" : "at most ") + Units.count(lost, "row or value", "rows or values");
    List<RehearsedMigration> unknown =
        migrations.stream()
            .filter(each -> !each.verdict().isGood() && each.verdict() != Verdict.LOSES_ROWS)
            .toList();
    if (unknown.isEmpty()) {
      return lost == 0 ? "nothing that was there before" : counted;
    }
    String destroyed =
        unknown.stream()
            .flatMap(each -> each.undo().stream())
            .flatMap(undo -> undo.destroyed().stream())
            .distinct()
            .collect(Collectors.joining(", "));
    return (counted.isEmpty() ? "not known" : counted + ", and what else is not known")
        + (destroyed.isEmpty() ? "" : "; destroys " + destroyed);
  }

  private static Optional<List<WayBack>> restore(
      Settings settings, RehearseRequest request, Origin origin) {
    if (origin.restoreMillis().isPresent()) {
      boolean named =
          request.from() == RehearseRequest.From.BACKUP
              && !request.backup().equals(BackupStore.LATEST);
      String id = origin.backup().orElseThrow();
      return Optional.of(
          restoring(
              named ? request.backup() : id,
              origin.takenAt(),
              new Estimate(
                  origin.restoreMillis().get() + origin.verificationMillis().orElse(0L),
                  origin.growth(),
                  true,
                  "the restore of %s for this rehearsal".formatted(id))));
    }
    return newest(settings)
        .map(backup -> restoring(backup.id(), backup.takenAt(), estimate(origin, backup)));
  }

  /**
   * How long a restore takes.
   *
   * @param growth how many times as large the live database is
   */
  private record Estimate(long millis, double growth, boolean measured, String basis) {}

  private static Estimate estimate(Origin origin, StoredBackup backup) {
    long bytes = backup.manifest().database().bytes();
    double growth = Math.max(1.0, (double) origin.liveBytes() / Math.max(1, bytes));
    return backup
        .state()
        .restoreProof()
        .map(
            proof ->
                new Estimate(
                    proof.restoreMillis().orElse(0L) + proof.verificationMillis().orElse(0L),
                    growth,
                    true,
                    "the restore of %s when it was proven, at %s"
                        .formatted(backup.id(), Units.moment(proof.at()))))
        .orElseGet(
            () ->
                new Estimate(
                    1000 + bytes * 1000 / GUESSED_BYTES_PER_SECOND,
                    growth,
                    false,
                    "a guess from the size: no restore of %s was measured".formatted(backup.id())));
  }

  private static List<WayBack> restoring(String backup, Instant takenAt, Estimate estimate) {
    String loses =
        "what was written in the last %s"
            .formatted(Units.duration(Duration.between(takenAt, Instant.now())));
    String basis = estimate.basis() + times(estimate.growth());
    long millis = estimate.millis();
    long scaled = scaled(millis, estimate.growth());
    return List.of(
        new WayBack(
            "restore",
            millis,
            scaled,
            estimate.measured(),
            basis,
            loses,
            "belay "
                + ShellWords.join(
                    List.of(
                        "backup-restore",
                        backup,
                        "--strategy",
                        "new-database",
                        "--new-name",
                        "restored"))),
        new WayBack(
            "restore-and-swap",
            millis + SWAP_MILLIS,
            scaled + SWAP_MILLIS,
            estimate.measured(),
            basis + ", and a second for the swap",
            loses,
            "belay " + ShellWords.join(List.of("backup-restore", backup))));
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
