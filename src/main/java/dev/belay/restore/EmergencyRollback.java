package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Swaps in the newest backup that was proven to be readable. */
final class EmergencyRollback {
  private final GuardedRun run;
  private final RestoreParts parts;

  EmergencyRollback(GuardedRun run, RestoreParts parts) {
    this.run = run;
    this.parts = parts;
  }

  /**
   * Rolls back.
   *
   * @param maxAge the oldest backup that will do
   * @param timeLimit refuse when the measured time is longer
   */
  Report run(
      Optional<Duration> maxAge,
      Duration timeLimit,
      RestoreRequest request,
      boolean dryRun,
      Consent consent) {
    Optional<String> server;
    try (Database session = run.openMaintenance()) {
      server = ServerInfo.systemIdentifier(session);
    }
    try (RestoreSource source =
        choose(parts.sources(run).list(), run.live(), server, maxAge, Instant.now())) {
      RestoreTime time = RestoreTime.of(source.facts());
      run.progress()
          .step(
              "the newest proven backup is %s, %s old; it will take %s"
                  .formatted(
                      source.facts().id(),
                      Units.duration(
                          Duration.between(source.facts().takenAt(), Instant.now()).abs()),
                      time.words()));
      within(time, timeLimit);
      return new BackupRestore(run, parts.migrations(run))
          .run(source, request, time, dryRun, consent);
    }
  }

  /**
   * The newest of this database that is whole, proven and young enough.
   *
   * @param server the identifier of the server: a folder may hold backups of many
   */
  static RestoreSource choose(
      List<RestoreSource> all,
      String live,
      Optional<String> server,
      Optional<Duration> maxAge,
      Instant now) {
    List<RestoreSource> proven =
        all.stream()
            .filter(source -> source.facts().database().equals(live))
            .filter(source -> source.facts().complete() && source.facts().readable())
            .toList();
    RestoreSource newest =
        proven.stream()
            .filter(source -> !source.facts().isOfAnotherServer(server))
            .findFirst()
            .orElseThrow(() -> none(proven, live));
    Duration age = Duration.between(newest.facts().takenAt(), now);
    if (maxAge.isPresent() && age.compareTo(maxAge.get()) > 0) {
      throw Failure.refused(
          "the newest proven backup, %s, is %s old, and --max-age is %s"
              .formatted(newest.facts().id(), Units.duration(age), Units.duration(maxAge.get())),
          "take an older one knowingly: belay backup-restore " + newest.facts().id());
    }
    return newest;
  }

  private static Failure none(List<RestoreSource> others, String live) {
    return others.isEmpty()
        ? Failure.refused(
            "no complete backup of " + live + " was proven to be readable",
            "prove one with: belay validate-backup latest")
        : Failure.refused(
            "all proven backups of %s are of another server, as after a move or pg_upgrade"
                .formatted(live),
            "take one knowingly: belay backup-restore %s --from-other-database"
                .formatted(others.get(0).facts().id()));
  }

  /** A guess is told, but only a measurement refuses. */
  static void within(RestoreTime time, Duration limit) {
    if (time.measured() && time.estimate().compareTo(limit) > 0) {
      throw Failure.refused(
          "the restore takes about %s, as measured, and --time-limit is %s"
              .formatted(Units.duration(time.estimate()), Units.duration(limit)),
          "allow it that long: belay emergency-rollback --time-limit "
              + (time.estimate().toMinutes() + 1)
              + "m");
    }
  }
}
