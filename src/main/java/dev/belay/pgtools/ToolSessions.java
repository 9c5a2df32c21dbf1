package dev.belay.pgtools;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The sessions of a running tool, looked at from the side. A server that builds an index for an
 * hour is no stall, though the tool prints nothing meanwhile. The looking is done by a thread of
 * its own, since it hangs where the network does.
 */
final class ToolSessions implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final Databases databases;
  private final Target target;
  private final String applicationName;
  private final AtomicLong seenWorking = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);

  /** A signal ends the program before the caller has seen that its tool was ended. */
  private final Cleanup.Pending ending;

  private ToolSessions(Databases databases, Target target, String applicationName) {
    this.databases = databases;
    this.target = target;
    this.applicationName = applicationName;
    this.ending = Cleanup.register(this::end);
  }

  /**
   * Begins to look, four times in the time that counts as a stall.
   *
   * @param stallTimeout zero: nobody looks
   */
  static ToolSessions watch(
      Databases databases, Target target, String applicationName, Duration stallTimeout) {
    ToolSessions sessions = new ToolSessions(databases, target, applicationName);
    if (!stallTimeout.isZero()) {
      long pause = Math.max(1, stallTimeout.toMillis() / 4);
      daemon(() -> sessions.look(pause));
    }
    return sessions;
  }

  private void look(long pauseMillis) {
    try {
      // The first look comes late, so that a short run does not pay for a session.
      while (!over.await(pauseMillis, TimeUnit.MILLISECONDS)) {
        lookOnce();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookOnce() {
    try (Database database = databases.open(target)) {
      if (SessionQueries.working(database, applicationName) > 0) {
        seenWorking.incrementAndGet();
      }
    } catch (Failure unknown) {
      // What cannot be seen is no progress.
    }
  }

  /** How often one of the sessions was seen at work. */
  long seenWorking() {
    return seenWorking.get();
  }

  /**
   * Ends what a tool that was killed has left on the server, where it would hold locks. Gives up
   * after five seconds: a later run finds it by its application name.
   */
  void end() {
    briefly(database -> SessionQueries.terminate(database, applicationName));
  }

  /** Who keeps others from reading a table now, in words; empty when that cannot be seen soon. */
  List<String> blockers() {
    AtomicReference<List<String>> seen = new AtomicReference<>(List.of());
    briefly(database -> seen.set(SessionQueries.blockers(database)));
    return Objects.requireNonNull(seen.get());
  }

  private void briefly(Consumer<Database> work) {
    CountDownLatch done = new CountDownLatch(1);
    daemon(
        () -> {
          try (Database database = databases.open(target)) {
            work.accept(database);
          } catch (Failure unreachable) {
            // The failure that led here is what is told.
          } finally {
            done.countDown();
          }
        });
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tool-sessions");
    thread.setDaemon(true);
    thread.start();
  }

  /** Stops looking. */
  @Override
  public void close() {
    over.countDown();
    ending.cancel();
  }
}
