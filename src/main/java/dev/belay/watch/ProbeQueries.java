package dev.belay.watch;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The session of the probe. */
final class ProbeQueries {
  private static final String SETTINGS =
      """
      select pg_catalog.set_config(s.name, s.value, false)
        from (values ('application_name', ?), ('statement_timeout', ?), ('lock_timeout', '0'),
                     ('default_transaction_read_only', 'on')) as s (name, value)
      """;

  private ProbeQueries() {}

  /**
   * A session with the settings that role and database have for everybody, such as their search
   * path, in which the server refuses changes and ends what takes too long.
   */
  static Database open(Databases databases, Target target, String name, Duration limit) {
    Database session = databases.open(target);
    try {
      session.execute("reset all");
      session.execute(SETTINGS, name, String.valueOf(Math.max(1, limit.toMillis())));
      return session;
    } catch (RuntimeException broken) {
      session.close();
      throw broken;
    }
  }

  /** Runs the statement; of its rows only one is fetched. */
  static void run(Database session, String sql) {
    try (Statement statement = session.connection().createStatement()) {
      statement.setMaxRows(1);
      statement.execute(sql);
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }
}
