package dev.belay.demo;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks the database all the time and connects again when it is thrown out, so that
 * the outage that users would have seen is measured and not claimed.
 */
final class Heartbeat implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private final Databases databases;
  private final Target target;
  private final Thread thread = new Thread(this::beat, "heartbeat");
  private volatile boolean ended;
  private volatile long longestNanos;
  private final AtomicLong beats = new AtomicLong();

  private Heartbeat(Databases databases, Target target) {
    this.databases = databases;
    this.target = target;
  }

  /** Begins to ask. */
  static Heartbeat start(Databases databases, Target target) {
    Heartbeat heartbeat = new Heartbeat(databases, target);
    heartbeat.thread.setDaemon(true);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void beat() {
    long answered = System.nanoTime();
    Database database = null;
    while (!ended) {
      try {
        database = database == null ? databases.open(target) : database;
        database.number("select count(*) from users.account where id < 10");
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - answered);
        answered = now;
        beats.incrementAndGet();
      } catch (Failure thrownOut) {
        close(database);
        database = null;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    longestNanos = Math.max(longestNanos, System.nanoTime() - answered);
    close(database);
  }

  private static void close(@Nullable Database database) {
    if (database != null) {
      try {
        database.close();
      } catch (Failure alreadyGone) {
        // The server has ended the session, which is what is being measured.
      }
    }
  }

  /** The longest time without an answer. */
  Duration longest() {
    return Duration.ofNanos(longestNanos);
  }

  /** How many answers there were. */
  long beats() {
    return beats.get();
  }

  /** Asks no more. */
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
