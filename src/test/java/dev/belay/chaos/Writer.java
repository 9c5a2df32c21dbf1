package dev.belay.chaos;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes all the time, connects again when it is thrown out, and remembers
 * which of its rows the server said were committed.
 */
final class Writer implements AutoCloseable {
  private static final long PAUSE_NANOS = 10_000_000;

  private final Target target;
  private final Set<Long> committed = new ConcurrentSkipListSet<>();
  private final Thread thread = new Thread(this::write, "writer");
  private volatile boolean ended;

  private Writer(Target target) {
    this.target = target;
  }

  static Writer start(Target target) {
    Writer writer = new Writer(target);
    writer.thread.start();
    return writer;
  }

  /** The numbers of the rows that were committed so far. */
  Set<Long> committed() {
    return committed;
  }

  private void write() {
    Database session = null;
    for (long number = 1; !ended; number++) {
      try {
        session = session == null ? new JdbcDatabases("chaos writer").open(target) : session;
        session.execute("insert into shop.written values (?)", number);
        committed.add(number);
      } catch (Failure thrownOut) {
        close(session);
        session = null;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    close(session);
  }

  private static void close(@Nullable Database session) {
    if (session != null) {
      try {
        session.close();
      } catch (Failure gone) {
        // The server has ended it.
      }
    }
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
