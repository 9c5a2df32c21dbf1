package dev.belay.emergency;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.backup.SafetyBackup;
import dev.belay.core.Units;
import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Saves the whole database as it was found, with what is wrong in it. */
final class EmergencyBackup {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;
  private @Nullable String id;

  /**
   * @param environment for finding pg_dump
   * @param version of this program
   */
  EmergencyBackup(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /** The id of what was made; empty: nothing was. */
  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /** Makes it, unless that is not asked for. */
  StepAnswer make(EmergencyRequest request) {
    if (request.dryRun() || !request.backup()) {
      return StepAnswer.skipped(request.dryRun() ? "a dry run" : "--no-backup");
    }
    try (OperationLock lock = run.lock()) {
      String made =
          new SafetyBackup(run, environment, version)
              .make(
                  lock,
                  request.jobs(),
                  StoredBackup.OF_INCIDENT
                      + "the database as it was found, "
                      + Units.moment(Instant.now()));
      id = made;
      StoredBackup backup = new BackupStore(run.settings().folders().backups()).find(made);
      return StepAnswer.done(
          "%s, %s, proven %s"
              .formatted(made, Units.bytes(backup.manifest().totalBytes()), backup.state().level()),
          List.of());
    }
  }
}
