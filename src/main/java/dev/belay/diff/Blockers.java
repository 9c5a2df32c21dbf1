package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Looks from the side at who keeps the session of a merge waiting. */
final class Blockers implements AutoCloseable {
  private static final long LOOKS = 4;
  private static final long SHORTEST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<String> seen = new AtomicReference<>("");
  private final Databases databases;
  private final Database watched;
  private final int pid;
  private final long pauseMillis;

  private Blockers(Databases databases, Database watched, Duration lockTimeout) {
    this.databases = databases;
    this.watched = watched;
    this.pid = BlockerQueries.pid(watched);
    this.pauseMillis =
        Math.min(
            LONGEST_PAUSE_MILLIS, Math.max(SHORTEST_PAUSE_MILLIS, lockTimeout.toMillis() / LOOKS));
  }

  /** Begins to look. */
  static Blockers watch(Databases databases, Database session, Duration lockTimeout) {
    Blockers blockers = new Blockers(databases, session, lockTimeout);
    Thread thread = new Thread(blockers::look, "blockers");
    thread.setDaemon(true);
    thread.start();
    return blockers;
  }

  /** Who was in the way last, in words; forgets it. */
  Optional<String> take() {
    return Optional.ofNullable(seen.getAndSet("")).filter(text -> !text.isEmpty());
  }

  private void look() {
    try (Database session = databases.open(watched.target())) {
      while (!over.await(pauseMillis, TimeUnit.MILLISECONDS)) {
        String now = BlockerQueries.inTheWay(session, pid);
        if (!now.isEmpty()) {
          seen.set(now);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (Failure blind) {
      // The merge goes on; who was in the way is not known then.
    }
  }

  /** Stops looking. */
  @Override
  public void close() {
    over.countDown();
  }
}
