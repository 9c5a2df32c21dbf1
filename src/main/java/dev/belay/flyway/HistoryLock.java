package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Comparator;
import java.util.List;

/**
 * What keeps, until the end of the current transaction, every Flyway from beginning to migrate an
 * app and everybody else from writing into its history table. Reading goes on.
 */
public final class HistoryLock {
  private HistoryLock() {}

  /** The history table of an app. */
  public static TableName table(AppSettings app) {
    return new TableName(app.historySchema(), app.historyTable());
  }

  /**
   * Takes both locks for an app. For use within the work of a {@code LockLadder}.
   *
   * @throws Failure REFUSED when a migration is running, which is not waited for; any other when
   *     the table's lock is not given within the session's {@code lock_timeout}
   */
  public static void take(Database session, AppSettings app) {
    if (!HistoryLockQueries.tryFlyway(session, FlywayLock.key(app))) {
      throw Failure.refused(
          "a migration of the app '%s' is running: Flyway's lock is held by %s"
              .formatted(
                  app.name(),
                  FlywayLock.holder(session, app)
                      .map(LockHolder::toString)
                      .orElse("a session that has just ended")),
          "run the same command again when it is done");
    }
    HistoryLockQueries.lock(session, table(app));
  }

  /**
   * The same for several apps, always in the same order, so that two runs cannot wait in a ring.
   */
  public static void take(Database session, List<AppSettings> apps) {
    apps.stream()
        .sorted(Comparator.comparing(HistoryLock::table))
        .forEach(app -> take(session, app));
  }
}
