package dev.belay.api;

import dev.belay.cli.Operation;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
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
  private final MigrationOptions options;
  private final BringingBack bringing;
  private final Operation operation;
  private final OperationLock lock;
  private final Journal journal;
  private final String point;
  private final WorkConnection work;
  private final Counting counting = new Counting();
  private final RecordBatches batches;
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
    this.operation = place.operation();
    this.lock = lock;
    this.journal = journal;
    this.point = point;
    this.work = work;
    this.batches = new RecordBatches(work, lock, counting, options.batchSize());
    this.bringing = new BringingBack(place, lock, journal, point, options.triggers());
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
    Place place = MigrationFailures.translated(options::place);
    OperationLock lock = MigrationFailures.translated(place::lock);
    Journal journal = null;
    try {
      place.begin(options.name(), options.tables(), options.batchSize(), options.threshold());
      journal = place.journal();
      journal.step("begin", Map.of("name", options.name()));
      String point = place.keep(options.name(), options.description(), options.tables());
      journal.step("migrate", BringingBack.facts(place, point));
      WorkConnection work = WorkConnection.open(place.source(), place.sessionName());
      return new MigrationTransaction(options, place, lock, journal, point, work);
    } catch (Throwable broken) {
      place.operation().failed(broken);
      if (journal != null) {
        journal.close();
      }
      lock.close();
      throw MigrationFailures.exception(broken, Failure.UNCHANGED);
    }
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
      while (batches.next(records, task)) {
        if (counting.tells()) {
          refuseTooMany();
        }
      }
      refuseTooMany();
    } catch (Throwable broken) {
      throw brought(broken);
    } finally {
      working = false;
    }
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
        MigrationFailures.AS_AT_POINT
            + before.map(id -> "; what was there instead is kept in " + id).orElse(""),
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
      return MigrationFailures.exception(broken, MigrationFailures.AS_AT_POINT);
    }
    counting.end();
    bringBack(String.valueOf(broken.getMessage()), broken);
    if (broken instanceof Error error && !(broken instanceof AssertionError)) {
      throw error;
    }
    return MigrationFailures.exception(broken, MigrationFailures.AS_AT_POINT);
  }

  private Optional<String> bringBack(String why, @Nullable Throwable cause) {
    over = true;
    return undisturbed(() -> broughtBack(why, cause));
  }

  private Optional<String> broughtBack(String why, @Nullable Throwable cause) {
    work.close();
    try {
      return bringing.run(why, cause, counting.now().batches() > 0);
    } finally {
      release();
    }
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
          MigrationFailures.AS_AT_POINT,
          "do all that belongs to a record with the connection that its work is given",
          null);
    }
  }
}
