package dev.belay.api;

import dev.belay.cli.Operation;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.points.ExecutePoint;
import dev.belay.points.ExecuteReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A migration of data that goes back by itself when it fails. Before it begins, a rollback point of
 * its tables is made. Records are worked on in batches, each one transaction; the work of a record
 * that fails is taken back and counted. When too many fail, when something breaks, or when it is
 * closed before {@link #complete()}, everything is brought back to the point. After {@code kill -9}
 * or a crash the point is still there, and {@code belay rollback-point execute} brings it back.
 *
 * <p>Only one at a time works on a database, and no other command of Belay meanwhile. For one
 * thread.
 */
public final class MigrationTransaction implements AutoCloseable {
  private static final String AS_AT_POINT = "the tables are as at the rollback point";

  /** The SQLSTATE of a transaction in which a statement failed. */
  private static final String ABORTED = "25P02";

  private final MigrationOptions options;
  private final Place place;
  private final Operation operation;
  private final OperationLock lock;
  private final Journal journal;
  private final String point;
  private final WorkConnection work;
  private final Counting counting = new Counting();
  private boolean over;
  private boolean working;

  private MigrationTransaction(
      MigrationOptions options,
      Place place,
      OperationLock lock,
      Journal journal,
      String point,
      WorkConnection work) {
    this.options = options;
    this.place = place;
    this.operation = place.operation();
    this.lock = lock;
    this.journal = journal;
    this.point = point;
    this.work = work;
  }

  /**
   * One whose connections a data source gives; it must have five to give at once. What was set in
   * them is discarded when they are given back.
   */
  public static MigrationOptions on(DataSource dataSource) {
    return new MigrationOptions(dataSource, "", "", "");
  }

  /** One with connections of its own to {@code jdbc:postgresql://…}. */
  public static MigrationOptions on(String url, String user, String password) {
    return new MigrationOptions(null, url, user, password);
  }

  static MigrationTransaction open(MigrationOptions options) {
    Place place = translated(options::place);
    OperationLock lock = translated(place::lock);
    Journal journal = null;
    try {
      place.begin(options.name(), options.tables(), options.batchSize(), options.threshold());
      journal = place.journal();
      journal.step("begin", Map.of("name", options.name()));
      String point = place.keep(options.name(), options.description(), options.tables());
      journal.step("migrate", facts(point));
      WorkConnection work = WorkConnection.open(place.source(), place.sessionName());
      return new MigrationTransaction(options, place, lock, journal, point, work);
    } catch (Throwable broken) {
      place.operation().failed(broken);
      if (journal != null) {
        journal.close();
      }
      lock.close();
      throw exception(broken, Failure.UNCHANGED);
    }
  }

  /** What the next run says when this one was killed. */
  private static Map<String, String> facts(String point) {
    return Map.of(
        "point",
        point,
        Journal.HINT,
        "bring its tables back with: belay rollback-point execute " + point);
  }

  /** The id of the rollback point that was made at the beginning. */
  public String rollbackPoint() {
    return point;
  }

  /** How far it is. */
  public MigrationStatistics statistics() {
    return counting.now();
  }

  /**
   * Works on each record; may be called several times. Each call ends with a commit.
   *
   * @throws TooManyFailuresException when more than the threshold failed; everything was brought
   *     back
   * @throws MigrationException when it cannot go on; everything was brought back, or its state and
   *     hint say what is left to do
   */
  public <T> void forEach(Iterable<T> records, RecordWork<T> work) {
    each(records.iterator(), work);
  }

  /** The same for a stream, which is closed afterwards. */
  public <T> void forEach(Stream<T> records, RecordWork<T> work) {
    try (records) {
      each(records.iterator(), work);
    }
  }

  private <T> void each(Iterator<T> records, RecordWork<T> task) {
    refuseWhenOver();
    refuseWhileWorking("forEach");
    working = true;
    try {
      while (batch(records, task)) {
        if (counting.tells()) {
          refuseTooMany();
        }
      }
      refuseTooMany();
    } catch (TooManyFailuresException told) {
      throw told;
    } catch (Throwable broken) {
      throw brought(broken);
    } finally {
      working = false;
    }
  }

  /** One transaction; false when there was no record left. */
  private <T> boolean batch(Iterator<T> records, RecordWork<T> task) throws SQLException {
    int done = 0;
    while (done < options.batchSize() && records.hasNext()) {
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
            "the migration was interrupted", AS_AT_POINT, "run it again", failed);
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

  private void refuseTooMany() {
    if (!counting.exceeds(options.threshold())) {
      return;
    }
    counting.end();
    MigrationStatistics statistics = counting.now();
    String message =
        "%d of %d records failed, more than %s %%: %s"
            .formatted(
                statistics.failed(),
                statistics.attempted(),
                Math.round(options.threshold() * 1000) / 10.0,
                statistics.failuresBySqlState());
    Optional<String> before = bringBack(message, counting.last());
    throw new TooManyFailuresException(
        message,
        AS_AT_POINT + before.map(id -> "; what was there instead is kept in " + id).orElse(""),
        "see what failed in the cause, mend it, and run the migration again",
        statistics,
        counting.last());
  }

  /**
   * The migration is done: what it wrote stays. The rollback point stays too, until {@code belay
   * rollback-point cleanup}.
   *
   * @throws MigrationException when it is over already, or a record is being worked on
   */
  public void complete() {
    refuseWhenOver();
    refuseWhileWorking("complete");
    over = true;
    counting.end();
    undisturbed(
        () -> {
          journal.end("ok");
          release();
          operation.ended(ExitCode.OK, counting.now().batches() > 0);
          return true;
        });
  }

  /**
   * Brings everything back, unless it was completed or brought back before.
   *
   * @throws MigrationException when it could not be brought back; its hint says how to do that
   */
  @Override
  public void close() {
    if (!over) {
      refuseWhileWorking("close");
      counting.end();
      bringBack("it was closed before it was completed", null);
    }
  }

  private MigrationException brought(Throwable broken) {
    if (over) {
      return exception(broken, AS_AT_POINT);
    }
    counting.end();
    bringBack(String.valueOf(broken.getMessage()), broken);
    if (broken instanceof Error error && !(broken instanceof AssertionError)) {
      throw error;
    }
    return exception(broken, AS_AT_POINT);
  }

  private Optional<String> bringBack(String why, @Nullable Throwable cause) {
    over = true;
    return undisturbed(() -> broughtBack(why, cause));
  }

  private Optional<String> broughtBack(String why, @Nullable Throwable cause) {
    work.close();
    try {
      lock.check();
      journal.step("bring-back", facts(point));
      ExecuteReport report = place.bringBack(point, options.triggers());
      journal.end("brought back");
      operation.failed(
          Failure.failed("%s; brought back to %s".formatted(why, point), "run the migration again"),
          changed(report));
      return report.before();
    } catch (Throwable broken) {
      // Whatever it was, the tables may have rows of the migration.
      journal.leaveOpen();
      if (cause != null && cause != broken) {
        broken.addSuppressed(cause);
      }
      Failure failure =
          Failure.incomplete(
              "%s; and the tables could not be brought back: %s"
                  .formatted(why, broken.getMessage()),
              "the tables have what was committed of the migration",
              "belay rollback-point execute "
                  + point
                  + (ExecutePoint.needsTriggersOff(broken) ? " " + ExecutePoint.TRIGGERS_OFF : ""));
      operation.failed(failure);
      throw new MigrationException(failure.message(), failure.state(), failure.hint(), broken);
    } finally {
      release();
    }
  }

  /**
   * Whether the database is another than before: where nothing was committed here, rows of others
   * went; where something was, nobody knows whose they were.
   */
  private @Nullable Boolean changed(ExecuteReport report) {
    if (counting.now().batches() > 0) {
      return null;
    }
    return report.added() + report.changed() + report.removed() > 0;
  }

  private void release() {
    work.close();
    journal.close();
    lock.close();
  }

  /**
   * An interrupted thread cannot write files: they are closed under it. It is interrupted again.
   */
  private static <T> T undisturbed(Supplier<T> step) {
    boolean interrupted = Thread.interrupted();
    try {
      return step.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void refuseWhenOver() {
    if (over) {
      throw new MigrationException(
          "the migration is over: it was completed or brought back",
          "unchanged since then",
          "open another",
          null);
    }
  }

  private void refuseWhileWorking(String method) {
    if (working) {
      throw new MigrationException(
          "the work of a record calls %s of its own migration".formatted(method),
          AS_AT_POINT,
          "do all that belongs to a record with the connection that its work is given",
          null);
    }
  }

  private static <T> T translated(Supplier<T> step) {
    try {
      return step.get();
    } catch (Failure failure) {
      throw exception(failure, failure.state());
    }
  }

  private static MigrationException exception(@Nullable Throwable broken, String state) {
    if (broken instanceof Failure failure) {
      return new MigrationException(
          failure.message(),
          failure.exitCode() == ExitCode.INCOMPLETE ? failure.state() : state,
          failure.hint(),
          failure);
    }
    if (broken instanceof MigrationException told) {
      return told;
    }
    return new MigrationException(
        String.valueOf(broken == null ? "" : broken.getMessage()),
        state,
        "see the cause, mend it, and run the migration again",
        broken);
  }
}
