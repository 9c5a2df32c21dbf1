package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Opens sessions that somebody else's data source gives. They are pinned as all sessions are, and
 * given back as they were at login: everything that was set in them is discarded.
 */
public final class DataSourceDatabases implements Databases {
  private final DataSource source;
  private final String applicationName;

  /**
   * @param applicationName what {@code pg_stat_activity} shows, at most 63 bytes
   */
  public DataSourceDatabases(DataSource source, String applicationName) {
    this.source = source;
    this.applicationName = applicationName;
  }

  /**
   * The address of what the data source is with, as its driver tells it.
   *
   * @throws Failure UNAVAILABLE when it gives no connection
   */
  public static Address address(DataSource source) {
    try (Connection connection = source.getConnection()) {
      return new Address(
          String.valueOf(connection.getMetaData().getURL()),
          String.valueOf(connection.getMetaData().getUserName()));
    } catch (SQLException error) {
      throw Failure.unavailable(
              "the data source gives no connection: " + SqlFailures.text(error),
              "see whether the server is up, and the data source's settings")
          .causedBy(error);
    }
  }

  /** A JDBC URL and the user. */
  public record Address(String url, String user) {}

  /** The target is only what the session is called: the data source knows no other. */
  @Override
  public Database open(Target target) {
    try {
      Connection connection = source.getConnection();
      try {
        Pooler pooler = PoolerProbe.check(connection, source::getConnection);
        if (pooler == Pooler.TRANSACTION_MODE) {
          throw Failure.refused(
              target + " is behind a connection pooler in transaction mode",
              "let the data source reach the server itself");
        }
        JdbcDatabases.pin(connection);
        try (Statement statement = connection.createStatement()) {
          statement.execute(
              "set application_name = '"
                  + ApplicationName.fit(applicationName).replace("'", "''")
                  + "'");
        }
        return new Database(target, givingBack(connection), pooler);
      } catch (Throwable broken) {
        connection.close();
        throw broken;
      }
    } catch (SQLException error) {
      throw SqlFailures.connecting(target, error);
    }
  }

  private static Connection givingBack(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                reset(connection);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause() == null ? thrown : thrown.getCause();
              }
            });
  }

  /** A session that is gone has nothing left to reset. */
  private static void reset(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback");
      statement.execute("discard all");
    } catch (SQLException gone) {
      // The pool notices by itself.
    }
  }
}
