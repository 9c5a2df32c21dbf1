package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Optional;

/** The advisory lock that every Flyway takes while it migrates. */
public final class FlywayLock {
  /** The bytes F, l, y, w, a, y. */
  private static final long FLYWAY = 0x466C79776179L;

  private FlywayLock() {}

  /** The key for the history table of that app, as Flyway computes it. */
  public static long key(AppSettings app) {
    return key(new TableName(app.historySchema(), app.historyTable()));
  }

  static long key(TableName history) {
    return FLYWAY + history.toString().hashCode();
  }

  /** Who migrates the app in this database now, or nobody. Waits for nothing. */
  public static Optional<LockHolder> holder(Database database, AppSettings app) {
    return LockQueries.holder(database, key(app));
  }
}
