package dev.belay.swap;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import java.time.Duration;

/**
 * One run of a command that changes something: what it works with, the lock and journal that keep
 * it safe, and the putting right of what dead runs left that comes before.
 *
 * @param command its name, such as {@code undo-restore}
 * @param longestWait how long to wait for another Belay; zero: not at all
 */
public record GuardedRun(
    RunId run,
    Databases databases,
    Settings settings,
    Progress progress,
    String command,
    Duration longestWait) {

  /** A new run. */
  public static GuardedRun of(
      Settings settings, Progress progress, String command, Duration longestWait) {
    RunId run = progress.run();
    return new GuardedRun(
        run, new JdbcDatabases(RunSessions.name(run)), settings, progress, command, longestWait);
  }

  /** The database that is protected. */
  public Target target() {
    return settings.target();
  }

  /** The name of the database that is protected. */
  public String live() {
    return target().database();
  }

  /** The maintenance database of its server. */
  public Target maintenance() {
    return settings.maintenance();
  }

  /** A session with the maintenance database. The caller closes it. */
  public Database openMaintenance() {
    return databases.open(maintenance());
  }

  /**
   * Puts right what killed runs left; the first thing that a command does which changes. It is
   * recorded after, since a database must accept connections again whatever the disk says.
   */
  public Recovered recover() {
    Recovered done =
        new SwapRecovery(databases, maintenance(), settings.folders().journal(), run, progress)
            .recover();
    progress.recovered(done.told());
    return done;
  }

  /** Takes the operation lock of the target. The caller closes it. */
  public OperationLock lock() {
    return OperationLock.acquire(
        databases, maintenance(), target(), run, command, longestWait, progress::warn);
  }

  /** Begins the journal of this run. The caller closes it. */
  public Journal journal() {
    return Journal.begin(
        settings.folders().journal(), run, command, target().toString(), progress::toPaste);
  }

  /** The swap of this run. */
  public Swap swap(Journal journal, OperationLock lock) {
    return new Swap(databases, maintenance(), run, journal, lock, settings.lockTimeout(), progress);
  }
}
