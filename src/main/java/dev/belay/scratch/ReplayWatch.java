package dev.belay.scratch;

import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends a replay that takes too long, and says what it was doing: a migration may wait for a lock,
 * or for ever.
 */
final class ReplayWatch implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> script = new AtomicReference<>(null);
  private final AtomicReference<@Nullable String> found = new AtomicReference<>(null);
  private final Duration longest;
  private final Thread thread;

  private ReplayWatch(
      Databases databases, Target maintenance, String database, Duration longest, long left) {
    this.longest = longest;
    this.thread = new Thread(() -> watch(databases, maintenance, database, left), "replay-watch");
    thread.setDaemon(true);
  }

  /**
   * Begins to watch the sessions of a database.
   *
   * @param longest what was configured, for the message
   * @param leftNanos how long it may still take, in nanoseconds
   */
  static ReplayWatch start(
      Databases databases, Target maintenance, String database, Duration longest, long leftNanos) {
    ReplayWatch watch = new ReplayWatch(databases, maintenance, database, longest, leftNanos);
    watch.thread.start();
    return watch;
  }

  /** A migration begins. */
  void begins(String name) {
    script.set(name);
  }

  /**
   * Why the replay was ended, if it was.
   *
   * @param placeholders whose values stand in the statement; none that sounds secret is shown
   */
  Optional<Failure> ended(Map<String, String> placeholders) {
    String what = found.get();
    if (what == null) {
      return Optional.empty();
    }
    String name = script.get();
    return Optional.of(
        Failure.failed(
            "%s did not end within %s, and was ended: %s"
                .formatted(
                    name == null ? "the replay" : name,
                    Units.duration(longest),
                    Masking.without(placeholders, what)),
            "mend the script, or give it more time: --set scratch.timeout=1h"));
  }

  private void watch(Databases databases, Target maintenance, String database, long leftNanos) {
    try {
      if (over.await(Math.max(0, leftNanos), TimeUnit.NANOSECONDS)) {
        return;
      }
      try (Database session = databases.open(maintenance)) {
        found.set(ReplayQueries.activity(session, database));
        ReplayQueries.endSessions(session, database);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Failure gone) {
      found.compareAndSet(null, "what it was doing is not known: " + gone.message());
    }
  }

  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
