package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The making of a database. When the program is ended meanwhile, the server has to be told: it
 * would go on, and the database would be there afterwards, unknown to anybody.
 */
final class Making {
  private static final long PAUSE_MILLIS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private @Nullable Database session;
  private boolean stopped;

  /**
   * Makes it.
   *
   * @throws Failure UNAVAILABLE when the program is ending
   */
  void run(Database with, String sql) {
    synchronized (this) {
      if (stopped) {
        throw Failure.unavailable(
            "belay is being ended", "run the command again when you are ready");
      }
      session = with;
    }
    try {
      with.execute(sql);
    } finally {
      synchronized (this) {
        session = null;
        notifyAll();
      }
    }
  }

  /** Makes nothing more: what is at it is cancelled, and has ended when this returns. */
  synchronized void stop() {
    stopped = true;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (session != null && System.nanoTime() < deadline) {
        // Again and again: a server that has not begun yet has nothing to cancel.
        session.cancel();
        wait(PAUSE_MILLIS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
