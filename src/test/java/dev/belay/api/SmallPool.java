package dev.belay.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;

/** A pool that gives physical sessions again, and refuses when all of them are taken. */
final class SmallPool {
  private final DataSource physical;
  private final int size;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private int taken;
  private int most;

  SmallPool(DataSource physical, int size) {
    this.physical = physical;
    this.size = size;
  }

  synchronized int most() {
    return most;
  }

  synchronized List<Connection> idle() {
    return List.copyOf(idle);
  }

  synchronized void close() throws SQLException {
    for (Connection each : idle) {
      each.close();
    }
  }

  DataSource source() {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getConnection")) {
                return take();
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private synchronized Connection take() throws SQLException {
    if (taken == size) {
      throw new SQLException("all %d are taken".formatted(size), "53300");
    }
    Connection session = idle.isEmpty() ? physical.getConnection() : idle.pop();
    taken++;
    most = Math.max(most, taken);
    boolean[] given = {true};
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("isClosed") && !given[0]) {
                return true;
              }
              if (method.getName().equals("close")) {
                give(session, given);
                return null;
              }
              if (!given[0]) {
                throw new SQLException("it was given back", "08003");
              }
              try {
                return method.invoke(session, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause() == null ? thrown : thrown.getCause();
              }
            });
  }

  private synchronized void give(Connection session, boolean[] given) throws SQLException {
    if (given[0]) {
      given[0] = false;
      taken--;
      if (!session.isClosed()) {
        idle.push(session);
      }
    }
  }
}
