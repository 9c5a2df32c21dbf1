package dev.belay.migrate;

import dev.belay.archive.Level;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.migrations.RiskLevel;
import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the operator asked for.
 *
 * @param app whose migrations are applied, with the target that was asked for
 * @param jars jars, or folders of jars or classes, with Java migrations
 * @param preflight look first whether one could go back
 * @param accepted what of that may be as it is
 * @param failOn refuse from this level of risk on; empty: refuse none
 * @param acceptedLoss the most rows and values that may be lost; empty: none, and say how many
 * @param unproven migrate even when the migrations cannot be replayed
 * @param backup how far the backup that is made first is proven; empty: none is made
 * @param export export first what is lost
 * @param policy what is done when it fails
 * @param zeroDowntime whether the application works meanwhile
 * @param maxLock how long others may have to wait; only heeded with zeroDowntime
 * @param lockTimeout how long one try for a lock waits
 * @param tries how often a migration is tried for which a lock is not given
 * @param monitor whether machine and database are watched meanwhile
 * @param printed whether what is seen is printed too
 * @param watch how long it is watched afterwards; zero: not at all
 * @param jobs parallel sessions of backup and export
 * @param directory from which files are named
 */
record MigrateRequest(
    AppSettings app,
    List<Path> jars,
    boolean preflight,
    Set<Topic> accepted,
    Optional<RiskLevel> failOn,
    OptionalLong acceptedLoss,
    boolean unproven,
    Optional<Level> backup,
    boolean export,
    RecoveryPolicy policy,
    boolean zeroDowntime,
    Duration maxLock,
    Duration lockTimeout,
    int tries,
    boolean monitor,
    boolean printed,
    Duration watch,
    int jobs,
    Path directory) {
  private static final Duration LONGEST_WATCH = Duration.ofHours(1);

  MigrateRequest {
    jars = List.copyOf(jars);
    accepted = Set.copyOf(accepted);
    if (tries < 1) {
      throw Failure.usage("--lock-tries is " + tries, "give at least 1");
    }
    if (acceptedLoss.orElse(0) < 0) {
      throw Failure.usage("--accept-loss is " + acceptedLoss.getAsLong(), "give a number of rows");
    }
    if (policy == RecoveryPolicy.RESTORE && backup.isEmpty()) {
      throw Failure.usage(
          "--on-failure restore needs the backup that --no-backup leaves out",
          "leave --no-backup out");
    }
    if (maxLock.compareTo(Duration.ofMillis(10)) < 0
        || maxLock.compareTo(Duration.ofMinutes(1)) > 0) {
      throw Failure.usage(
          "--max-lock is %s, not from 10 ms to 1 min".formatted(Units.duration(maxLock)),
          "give for example --max-lock 500ms");
    }
    if (watch.compareTo(LONGEST_WATCH) > 0) {
      throw Failure.usage(
          "--watch is %s, longer than an hour".formatted(Units.duration(watch)),
          "give for example --watch 60s; for longer there is: belay watch");
    }
    if (zeroDowntime && unproven) {
      throw Failure.usage(
          "--zero-downtime needs the replay that --unproven goes without", "leave one of them out");
    }
  }

  /** Whether a loss of so many rows and values was agreed to. */
  boolean accepts(long rows) {
    return rows <= acceptedLoss.orElse(0);
  }
}
