package dev.belay.postgres;

import dev.belay.core.Target;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sessions for a program that is to see the database as any client does: nothing is pinned, so that
 * the settings of the role and of the database count. Flyway is such a program.
 */
public final class PlainSource implements DataSource {
  private final Target target;
  private final String applicationName;
  private final Optional<Duration> lockTimeout;

  /**
   * @param applicationName what {@code pg_stat_activity} shows, at most 63 bytes
   */
  public PlainSource(Target target, String applicationName) {
    this(target, applicationName, Optional.empty());
  }

  /**
   * @param lockTimeout how long each statement waits for a lock at most; empty: as the role and the
   *     database have it
   */
  public PlainSource(Target target, String applicationName, Optional<Duration> lockTimeout) {
    this.target = target;
    this.applicationName = applicationName;
    this.lockTimeout = lockTimeout;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = JdbcDatabases.connect(target, applicationName);
    if (lockTimeout.isPresent()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("set lock_timeout = " + Math.max(1, lockTimeout.get().toMillis()));
      } catch (SQLException broken) {
        connection.close();
        throw broken;
      }
    }
    return connection;
  }

  /** The target says who connects; what the caller says is not heard. */
  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter writer) {
    // The driver logs through java.util.logging, which goes to belay.log.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // The target says how long a connection is waited for.
  }

  @Override
  public int getLoginTimeout() {
    return target.connectTimeoutSeconds();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> wanted) throws SQLException {
    throw new SQLException("there is no " + wanted.getName() + " inside");
  }

  @Override
  public boolean isWrapperFor(Class<?> wanted) {
    return false;
  }
}
