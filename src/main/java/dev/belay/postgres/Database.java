package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * One session with one database. Not for use by several threads at once. Every error of the driver
 * comes out as a {@link dev.belay.core.Failure}, with the driver's exception as its cause so that
 * {@link SqlState} can still be asked.
 */
public final class Database implements AutoCloseable {
  private final Target target;
  private final Connection connection;
  private final Pooler pooler;
  private boolean inTransaction;

  Database(Target target, Connection connection, Pooler pooler) {
    this.target = target;
    this.connection = connection;
    this.pooler = pooler;
  }

  /**
   * A session that somebody else opened and closes, such as Flyway, with its own settings and in
   * the middle of its own transaction.
   */
  public static Database borrowed(Target target, Connection connection) {
    return new Database(target, connection, Pooler.NONE);
  }

  /** The database this session is with. */
  public Target target() {
    return target;
  }

  /** What stands between this session and the server; never {@link Pooler#TRANSACTION_MODE}. */
  public Pooler pooler() {
    return pooler;
  }

  /** The rows of a query, in its order. Everything is held in memory: for catalogue queries. */
  public <T> List<T> list(String sql, RowReader<T> reader, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> answer = new ArrayList<>();
      while (rows.next()) {
        answer.add(reader.read(rows));
      }
      return answer;
    } catch (SQLException error) {
      throw SqlFailures.running(target, error);
    }
  }

  /** The first row of a query, if it has one. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, Object... parameters) {
    return list(sql, reader, parameters).stream().findFirst();
  }

  /** The only row of a query that always has one. */
  public <T> T one(String sql, RowReader<T> reader, Object... parameters) {
    return first(sql, reader, parameters)
        .orElseThrow(() -> new IllegalStateException("no row: " + sql));
  }

  /** The first column of the only row as text; a query whose answer is never null. */
  public String text(String sql, Object... parameters) {
    return one(sql, row -> row.getString(1), parameters);
  }

  /** The first column of the only row as a number. */
  public long number(String sql, Object... parameters) {
    return one(sql, row -> row.getLong(1), parameters);
  }

  /** The first column of the only row as a truth value. */
  public boolean test(String sql, Object... parameters) {
    return one(sql, row -> row.getBoolean(1), parameters);
  }

  /**
   * Runs a statement.
   *
   * @return rows changed; 0 for statements that change none
   */
  public int execute(String sql, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.execute() ? 0 : Math.max(0, statement.getUpdateCount());
    } catch (SQLException error) {
      throw SqlFailures.running(target, error);
    }
  }

  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws.
   *
   * @throws Failure INCOMPLETE when the connection is lost during the commit, since nobody can know
   *     then whether it was done
   */
  public <T> T inTransaction(Supplier<T> work) {
    if (inTransaction) {
      throw new IllegalStateException("a transaction inside a transaction");
    }
    begin("begin");
    inTransaction = true;
    try {
      T answer = work.get();
      commit();
      return answer;
    } catch (Throwable broken) {
      rollback();
      throw broken;
    } finally {
      inTransaction = false;
    }
  }

  /**
   * Reads, and lets go the locks of what was read, in a transaction that goes on: one that reads
   * thousands of tables would hold the locks of all of them, and the server has room for some
   * thousands, for everybody together. Without a transaction they go by themselves.
   */
  public <T> T lockingBriefly(Supplier<T> read) {
    if (transactionState() == TransactionState.IDLE) {
      return read.get();
    }
    execute("savepoint belay_read");
    T answer = read.get();
    execute("rollback to savepoint belay_read");
    execute("release savepoint belay_read");
    return answer;
  }

  /** Whether a transaction is open, whoever began it. */
  public boolean isInTransaction() {
    return transactionState() != TransactionState.IDLE;
  }

  private TransactionState transactionState() {
    try {
      return connection.unwrap(BaseConnection.class).getTransactionState();
    } catch (SQLException error) {
      throw SqlFailures.running(target, error);
    }
  }

  /** The server answers the commit of a transaction that had an error with a silent rollback. */
  void commit() {
    try (Statement statement = connection.createStatement()) {
      if (transactionState() == TransactionState.FAILED) {
        throw Failure.failed(
            "the transaction was rolled back, since a statement in it had failed (" + target + ")",
            "look at belay.log");
      }
      statement.execute("commit");
    } catch (SQLException error) {
      throw SqlFailures.committing(target, error);
    }
  }

  /** The same session, in which the server refuses every change from now on. */
  public Database readingOnly() {
    execute("set default_transaction_read_only = on");
    return this;
  }

  /**
   * Runs the work in one transaction in which the server refuses every change, and rolls it back at
   * its end whatever it was.
   */
  public void readingAndForgetting(Runnable work) {
    begin("begin isolation level repeatable read read only");
    try {
      work.run();
    } finally {
      rollback();
    }
  }

  /** Whether each statement is committed by itself, as outside a transaction. */
  public boolean commitsByItself() {
    try {
      return connection.getAutoCommit();
    } catch (SQLException error) {
      throw SqlFailures.running(target, error);
    }
  }

  /** Begins a transaction by hand, for one that outlives a method; {@link #rollback} ends it. */
  void begin(String statement) {
    execute(statement);
  }

  /** Ends a transaction without keeping anything; an error on the way is of no consequence. */
  public void rollback() {
    try (PreparedStatement statement = connection.prepareStatement("rollback")) {
      statement.execute();
    } catch (SQLException gone) {
      // The server rolls back by itself when the session is gone.
    }
  }

  /** Asks the server to cancel what this session is doing now; for another thread to call. */
  public void cancel() {
    try {
      connection.unwrap(org.postgresql.PGConnection.class).cancelQuery();
    } catch (SQLException gone) {
      // A session that is gone has nothing left to cancel or to close.
    }
  }

  /** Ends a session that does not answer, by closing its socket; for another thread to call. */
  public void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException gone) {
      // It is gone already.
    }
  }

  /** The server process of this session, as the server said at login. A pooler tells another. */
  public int loginPid() {
    try {
      return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    } catch (SQLException error) {
      throw SqlFailures.running(target, error);
    }
  }

  /** The driver's connection, for COPY, large results and Flyway. This object still closes it. */
  public Connection connection() {
    return connection;
  }

  /** Makes a failure of an error that a {@code …Queries} class got from {@link #connection()}. */
  public Failure failure(SQLException error) {
    return SqlFailures.running(target, error);
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int index = 0; index < parameters.length; index++) {
        statement.setObject(index + 1, parameters[index]);
      }
      return statement;
    } catch (SQLException error) {
      statement.close();
      throw error;
    }
  }

  /** Ends the session. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException gone) {
      // A session that is gone has nothing left to cancel or to close.
    }
  }
}
