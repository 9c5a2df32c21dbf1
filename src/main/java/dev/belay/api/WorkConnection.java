package dev.belay.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Set;

/**
 * The connection that batches are written with. The work of a record sees everything of it but the
 * transaction.
 */
final class WorkConnection implements AutoCloseable {
  private static final Set<String> REFUSED =
      Set.of("commit", "close", "abort", "setAutoCommit", "setReadOnly", "setTransactionIsolation");

  private final Connection connection;
  private final boolean autoCommit;
  private final Connection guarded;

  private WorkConnection(Connection connection, boolean autoCommit) {
    this.connection = connection;
    this.autoCommit = autoCommit;
    this.guarded = guarded(connection);
  }

  /** The connection itself. */
  Connection connection() {
    return connection;
  }

  /** The connection without what would end its transaction. */
  Connection guarded() {
    return guarded;
  }

  private static Connection guarded(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean whole = method.getName().equals("rollback") && arguments == null;
              if (whole || REFUSED.contains(method.getName())) {
                throw new SQLFeatureNotSupportedException(
                    "%s() is not for the work of a record: its batch is one transaction"
                        .formatted(method.getName()));
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause() == null ? thrown : thrown.getCause();
              }
            });
  }

  /** Opens one whose transaction is begun by hand. */
  static WorkConnection open(Source source, String applicationName) throws SQLException {
    Connection connection = source.open();
    try {
      WorkConnection work = new WorkConnection(connection, connection.getAutoCommit());
      connection.setClientInfo("ApplicationName", applicationName);
      connection.setAutoCommit(false);
      return work;
    } catch (Throwable broken) {
      connection.close();
      throw broken;
    }
  }

  /** Gives it back as it was: a pool may give the same session to somebody else. */
  @Override
  public void close() {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
          statement.execute("discard all");
        }
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException gone) {
      // The server rolls back by itself, and the pool notices.
    } finally {
      try {
        connection.close();
      } catch (SQLException gone) {
        // There is nothing left to close.
      }
    }
  }

  /** Where connections come from. */
  @FunctionalInterface
  interface Source {
    /** A new one, or one of a pool. */
    Connection open() throws SQLException;
  }
}
