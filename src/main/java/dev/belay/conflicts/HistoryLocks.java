package dev.belay.conflicts;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.FlywayLock;
import dev.belay.flyway.LockHolder;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * One transaction in which nobody else can write into these history tables and no Flyway can begin
 * to migrate. Waits for locks in short tries only.
 */
final class HistoryLocks {
  private static final int TRIES = 6;
  private static final long FIRST_PAUSE_MILLIS = 100;

  private final GuardedRun run;
  private final Database session;
  private final List<AppSettings> apps;

  HistoryLocks(GuardedRun run, Database session, List<AppSettings> apps) {
    this.run = run;
    this.session = session;
    // Always in the same order, so that two runs cannot wait for each other.
    this.apps = apps.stream().sorted(Comparator.comparing(HistoryLocks::table)).toList();
  }

  /** The history table of an app. */
  static TableName table(AppSettings app) {
    return new TableName(app.historySchema(), app.historyTable());
  }

  /**
   * Does the work in the transaction; it is done again from its begin when a lock was not given in
   * time.
   *
   * @throws Failure REFUSED when a migration is running; UNAVAILABLE when a lock is not to be had
   */
  <T> T within(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return session.inTransaction(
            () -> {
              take();
              return work.get();
            });
      } catch (Failure failure) {
        boolean worthAnother =
            SqlState.LOCK_NOT_AVAILABLE.isOf(failure) || SqlState.DEADLOCK_DETECTED.isOf(failure);
        if (!worthAnother) {
          throw failure;
        }
        if (attempt == TRIES) {
          throw blocked(failure);
        }
        run.progress().detail("a lock was not given, try %d: %s".formatted(attempt, blockers()));
        pause(FIRST_PAUSE_MILLIS << attempt);
      }
    }
  }

  private void take() {
    HistoryTableQueries.lockTimeout(session, run.settings().lockTimeout().toMillis());
    for (AppSettings app : apps) {
      if (!HistoryTableQueries.takeFlywayLock(session, FlywayLock.key(app))) {
        throw Failure.refused(
            "a migration of the app '%s' is running: Flyway's lock is held by %s"
                .formatted(
                    app.name(),
                    FlywayLock.holder(session, app)
                        .map(LockHolder::toString)
                        .orElse("a session that has just ended")),
            "run the same command again when it is done");
      }
      HistoryTableQueries.lock(session, table(app));
    }
  }

  private Failure blocked(Failure failure) {
    String who = blockers();
    return Failure.unavailable(
            "the history could not be locked in %d tries of %s each%s"
                .formatted(
                    TRIES,
                    Units.duration(run.settings().lockTimeout()),
                    who.isEmpty() ? "" : "; in the way: " + who),
            "wait until that session is done, or end it, then run the same command again")
        .causedBy(failure);
  }

  private String blockers() {
    StringBuilder who = new StringBuilder();
    for (AppSettings app : apps) {
      String blockers = HistoryTableQueries.blockers(session, table(app));
      who.append(who.isEmpty() || blockers.isEmpty() ? "" : "; ").append(blockers);
    }
    return who.toString();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("interrupted while waiting for a lock", "run the same command again");
    }
  }
}
