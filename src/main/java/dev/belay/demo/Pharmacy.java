package dev.belay.demo;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A pharmacy at night, which hands something out every few milliseconds and notes it. */
final class Pharmacy implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private final Databases databases;
  private final Target target;
  private final Thread thread = new Thread(this::work, "pharmacy");
  private final AtomicLong noted = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean ended;

  private Pharmacy(Databases databases, Target target) {
    this.databases = databases;
    this.target = target;
  }

  /** Begins to work. */
  static Pharmacy start(Databases databases, Target target) {
    Pharmacy pharmacy = new Pharmacy(databases, target);
    pharmacy.thread.setDaemon(true);
    pharmacy.thread.start();
    return pharmacy;
  }

  private void work() {
    try (Database database = databases.open(target)) {
      while (!ended) {
        try {
          ClinicQueries.dispense(database);
          noted.incrementAndGet();
        } catch (Failure refused) {
          failed.incrementAndGet();
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (Failure thrownOut) {
      failed.incrementAndGet();
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
