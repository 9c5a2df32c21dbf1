package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.Driver;

/** Opens sessions with the PostgreSQL JDBC driver. */
public final class JdbcDatabases implements Databases {
  private final String applicationName;
  private final Map<Target, Pooler> poolers = new ConcurrentHashMap<>();

  /**
   * @param applicationName what {@code pg_stat_activity} shows, at most 63 bytes
   */
  public JdbcDatabases(String applicationName) {
    this.applicationName = applicationName;
  }

  @Override
  public Database open(Target target) {
    try {
      Connection connection = connect(target);
      try {
        // Before anything is set: behind a pooler it would be set for somebody else too.
        Pooler pooler = pooler(target, connection);
        pin(connection);
        return new Database(target, connection, pooler);
      } catch (Throwable broken) {
        connection.close();
        throw broken;
      }
    } catch (SQLException error) {
      throw SqlFailures.connecting(target, error);
    }
  }

  private Pooler pooler(Target target, Connection connection) throws SQLException {
    Pooler known = poolers.get(target);
    Pooler pooler = known != null ? known : PoolerProbe.check(connection, () -> connect(target));
    poolers.put(target, pooler);
    if (pooler == Pooler.TRANSACTION_MODE) {
      throw Failure.refused(
          target
              + " is behind a connection pooler in transaction mode, which loses snapshots, locks"
              + " and settings of a session",
          "name the server itself instead of the pooler: --url postgresql://"
              + target.user()
              + "@<server>:5432/"
              + target.database());
    }
    return pooler;
  }

  private Connection connect(Target target) throws SQLException {
    return connect(target, applicationName);
  }

  static Connection connect(Target target, String applicationName) throws SQLException {
    Connection connection =
        new Driver().connect("jdbc:postgresql://", properties(target, applicationName));
    if (connection == null) {
      throw new IllegalStateException("the driver did not accept its own URL");
    }
    OpenedSessions.opened(target);
    return connection;
  }

  static void pin(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // On its own and first: the other settings take longer than some roles may run a statement.
      UntilPinned.run(connection, () -> statement.execute("set statement_timeout = 0"));
      statement.execute(SessionSettings.statement());
    }
  }

  /** The driver's own properties; every value travels as a property, so that none needs quoting. */
  static Properties properties(Target target, String applicationName) {
    Encryption encryption = Encryption.of(target);
    Properties properties = new Properties();
    if (target.isUnixSocket()) {
      properties.setProperty("PGHOST", "localhost");
      properties.setProperty(
          "socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
      properties.setProperty("socketFactoryArg", target.host() + "/.s.PGSQL." + target.port());
    } else {
      properties.setProperty("PGHOST", target.host());
      properties.setProperty("socketFactory", KeptSockets.class.getName());
    }
    properties.setProperty("PGPORT", String.valueOf(target.port()));
    properties.setProperty("PGDBNAME", target.database());
    properties.setProperty("user", target.user());
    // Without one the driver would look into ~/.pgpass again, which was read for the target.
    properties.setProperty("password", target.password().map(Secret::reveal).orElse(""));
    properties.setProperty("sslmode", encryption.mode());
    encryption.root().ifPresent(file -> properties.setProperty("sslrootcert", file));
    properties.setProperty("sslcert", encryption.certificate().orElse(""));
    properties.setProperty("sslkey", encryption.key().orElse(""));
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("ApplicationName", ApplicationName.fit(applicationName));
    properties.setProperty("connectTimeout", String.valueOf(target.connectTimeoutSeconds()));
    properties.setProperty("loginTimeout", String.valueOf(target.connectTimeoutSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }
}
