package dev.belay.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;

/** What the work of a record sees of the batch's connection: everything but the transaction. */
final class WorkConnection {
  private static final Set<String> REFUSED =
      Set.of("commit", "close", "abort", "setAutoCommit", "setReadOnly", "setTransactionIsolation");

  private WorkConnection() {}

  /** The connection without what would end its transaction. */
  static Connection around(Connection connection) {
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
  static Connection open(Source source, String applicationName) throws SQLException {
    Connection connection = source.open();
    try {
      connection.setClientInfo("ApplicationName", applicationName);
      connection.setAutoCommit(false);
      return connection;
    } catch (Throwable broken) {
      connection.close();
      throw broken;
    }
  }

  /** Where connections come from. */
  @FunctionalInterface
  interface Source {
    /** A new one, or one of a pool. */
    Connection open() throws SQLException;
  }
}
