package dev.belay.chaos;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes all the time, connects again when it is thrown out, and remembers what
 * the server said was committed: rows of a table of its own, rows of a table that is migrated, and
 * how often it changed one of them.
 */
final class Writer implements AutoCloseable {
  /** How the names of its items begin. */
  static final String NAMED = "written ";

  /** The number of the row that it changes all the time. */
  static final long FIRST = 0;

  private static final long PAUSE_NANOS = 10_000_000;

  private final Target target;
  private final boolean items;
  private final Set<Long> committed = new ConcurrentSkipListSet<>();
  private final AtomicLong changes = new AtomicLong();
  private final Thread thread = new Thread(this::write, "writer");
  private volatile boolean ended;
  private volatile @Nullable RuntimeException broken;

  private Writer(Target target, boolean items) {
    this.target = target;
    this.items = items;
  }

  /**
   * Begins.
   *
   * @param items whether it writes to the table of items too
   */
  static Writer start(Target target, boolean items) {
    Writer writer = new Writer(target, items);
    writer.thread.start();
    return writer;
  }

  /** The numbers of the rows that were committed so far. */
  Set<Long> committed() {
    return Set.copyOf(committed);
  }

  /** The last change of its first item that was committed. */
  long changes() {
    return changes.get();
  }

  private void write() {
    Database session = null;
    for (long number = 1; !ended; number++) {
      try {
        session = session == null ? new JdbcDatabases("chaos writer").open(target) : session;
        session.execute("begin");
        session.execute("insert into shop.written values (?)", number);
        if (items) {
          session.execute("insert into shop.item (name, price) values (?, 1)", NAMED + number);
          session.execute("update shop.item set price = ? where name = ?", number, NAMED + FIRST);
        }
        session.execute("commit");
        committed.add(number);
        changes.set(number);
      } catch (Failure thrownOut) {
        close(session);
        session = null;
      } catch (RuntimeException unexpected) {
        broken = unexpected;
        break;
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
    RuntimeException cause = broken;
    if (cause != null) {
      throw new AssertionError("the writer broke", cause);
    }
  }
}
