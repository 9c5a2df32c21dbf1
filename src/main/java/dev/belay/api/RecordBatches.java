package dev.belay.api;

import dev.belay.journal.OperationLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Iterator;

/**
 * Works on records in batches, each one transaction; the work of a record that fails is taken back
 * and counted.
 */
final class RecordBatches {
  /** The SQLSTATE of a transaction in which a statement failed. */
  private static final String ABORTED = "25P02";

  private final WorkConnection work;
  private final OperationLock lock;
  private final Counting counting;
  private final int size;

  /**
   * @param lock must be held at each commit
   * @param size records in a batch
   */
  RecordBatches(WorkConnection work, OperationLock lock, Counting counting, int size) {
    this.work = work;
    this.lock = lock;
    this.counting = counting;
    this.size = size;
  }

  /**
   * Works on the next batch.
   *
   * @return false when there was no record left
   * @throws MigrationException of another migration that the work began, or when it is interrupted
   * @throws SQLException when the connection is lost, or the work ended the transaction
   */
  <T> boolean next(Iterator<T> records, RecordWork<T> task) throws SQLException {
    int done = 0;
    while (done < size && records.hasNext()) {
      record(records.next(), task);
      done++;
    }
    if (done == 0) {
      return false;
    }
    // Whoever else began in the belief that nobody is at work here must not be overwritten.
    lock.check();
    Connection connection = work.connection();
    try {
      connection.commit();
      counting.committed();
    } catch (SQLException refused) {
      if (isLost(refused)) {
        throw refused;
      }
      connection.rollback();
      counting.batchFailed(refused);
    }
    return true;
  }

  private <T> void record(T record, RecordWork<T> task) throws SQLException {
    counting.attempted();
    Connection connection = work.connection();
    Savepoint savepoint = connection.setSavepoint();
    try {
      task.apply(work.guarded(), record);
    } catch (MigrationException nested) {
      throw nested;
    } catch (Exception failed) {
      if (failed instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw new MigrationException(
            "the migration was interrupted", MigrationFailures.AS_AT_POINT, "run it again", failed);
      }
      if (isLost(failed)) {
        throw new SQLException("the connection was lost: " + failed.getMessage(), "08006", failed);
      }
      connection.rollback(savepoint);
      counting.failed(failed);
      return;
    }
    try {
      // Fails when the work ended the transaction by a statement of its own.
      connection.releaseSavepoint(savepoint);
    } catch (SQLException refused) {
      if (!ABORTED.equals(refused.getSQLState())) {
        throw refused;
      }
      // The work passed over an error of the server, so nothing of this record was written.
      connection.rollback(savepoint);
      counting.failed(refused);
      return;
    }
    counting.succeeded();
  }

  private boolean isLost(Throwable failed) throws SQLException {
    String kind = Counting.kind(failed);
    return kind.startsWith("08") || kind.startsWith("57P0") || work.connection().isClosed();
  }
}
