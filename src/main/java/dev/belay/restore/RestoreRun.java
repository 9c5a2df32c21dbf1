package dev.belay.restore;

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
import dev.belay.swap.Swap;
import dev.belay.swap.SwapRecovery;
import java.time.Duration;

/**
 * What one run of a command of this room works with.
 *
 * @param command its name, such as {@code undo-restore}
 * @param longestWait how long to wait for another Belay; zero: not at all
 */
record RestoreRun(
    RunId run,
    Databases databases,
    Settings settings,
    Progress progress,
    String command,
    Duration longestWait) {

  static RestoreRun of(Settings settings, Progress progress, String command, Duration longestWait) {
    RunId run = RunId.fresh();
    return new RestoreRun(
        run, new JdbcDatabases(RunSessions.name(run)), settings, progress, command, longestWait);
  }

  Target target() {
    return settings.target();
  }

  /** The name of the database that is protected. */
  String live() {
    return target().database();
  }

  Target maintenance() {
    return settings.maintenance();
  }

  /** A session with the maintenance database. The caller closes it. */
  Database openMaintenance() {
    return databases.open(maintenance());
  }

  /** Puts right what killed runs left; the first thing that a command does which changes. */
  void recover() {
    new SwapRecovery(databases, maintenance(), settings.folders().journal(), run, progress)
        .recover();
  }

  OperationLock lock() {
    return OperationLock.acquire(
        databases, maintenance(), target(), run, command, longestWait, progress::warn);
  }

  Journal journal() {
    return Journal.begin(settings.folders().journal(), run, command, target().toString());
  }

  Swap swap(Journal journal, OperationLock lock) {
    return new Swap(databases, maintenance(), run, journal, lock, settings.lockTimeout(), progress);
  }
}
