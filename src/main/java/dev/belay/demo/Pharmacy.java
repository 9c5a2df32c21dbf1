package dev.belay.demo;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A pharmacy at night, which hands something out every few milliseconds and notes it, until its
 * session is ended.
 */
final class Pharmacy implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private final Database database;
  private final Thread thread = new Thread(this::work, "pharmacy");
  private final AtomicLong noted = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean ended;

  private Pharmacy(Database database) {
    this.database = database;
  }

  /**
   * Begins to work.
   *
   * @throws Failure when it cannot connect
   */
  static Pharmacy start(Databases databases, Target target) {
    Pharmacy pharmacy = new Pharmacy(databases.open(target));
    pharmacy.thread.setDaemon(true);
    pharmacy.thread.start();
    return pharmacy;
  }

  private void work() {
    try (database) {
      while (!ended) {
        try {
          ClinicQueries.dispense(database);
          noted.incrementAndGet();
        } catch (Failure refused) {
          failed.incrementAndGet();
          // Who was thrown out gets no answer to this either, and goes home.
          database.execute("select");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (Failure thrownOut) {
      // What it could not write is counted.
    }
  }

  /** How many rows it wrote that were committed. */
  long noted() {
    return noted.get();
  }

  /** How many it could not write. */
  long failed() {
    return failed.get();
  }

  /**
   * Whether so many rows more are all that it noted. One whose answer was lost may be there, too.
   */
  boolean wrote(long rows) {
    return noted() > 0 && noted() <= rows && rows <= noted() + failed();
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
