package dev.belay.postgres;

import dev.belay.core.Failure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Looks from the side, in a session of its own, at who keeps a session waiting for locks. After a
 * lock timeout it is too late to ask.
 */
public final class BlockerWatch implements AutoCloseable {
  private static final long LOOKS = 4;
  private static final long SHORTEST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<List<Blocker>> seen = new AtomicReference<>(List.of());
  private final Databases databases;
  private final Database watched;
  private final int pid;
  private final long pauseMillis;

  private BlockerWatch(Databases databases, Database watched, Duration lockTimeout) {
    this.databases = databases;
    this.watched = watched;
    this.pid = (int) watched.number("select pg_catalog.pg_backend_pid()");
    this.pauseMillis =
        Math.min(
            LONGEST_PAUSE_MILLIS, Math.max(SHORTEST_PAUSE_MILLIS, lockTimeout.toMillis() / LOOKS));
  }

  /**
   * Begins to look. Not within a transaction of the session that is aborted.
   *
   * @param lockTimeout how long the session waits for a lock; it is looked at several times
   *     meanwhile
   */
  public static BlockerWatch of(Databases databases, Database session, Duration lockTimeout) {
    BlockerWatch watch = new BlockerWatch(databases, session, lockTimeout);
    Thread thread = new Thread(watch::look, "blockers");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  /** Who was in the way last; forgets it. */
  public List<Blocker> take() {
    return seen.getAndSet(List.of());
  }

  /** Who was in the way last, in words; forgets it. */
  public String takeWords() {
    String words = take().stream().map(Blocker::words).collect(Collectors.joining(", "));
    return words.isEmpty() ? "a session that is done by now" : words;
  }

  private void look() {
    try (Database session = databases.open(watched.target())) {
      while (!over.await(pauseMillis, TimeUnit.MILLISECONDS)) {
        List<Blocker> now = BlockerQueries.inTheWay(session, pid);
        if (!now.isEmpty()) {
          seen.set(now);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (Failure blind) {
      // The work goes on; who was in the way is not known then.
    }
  }

  /** Stops looking. */
  @Override
  public void close() {
    over.countDown();
  }
}
