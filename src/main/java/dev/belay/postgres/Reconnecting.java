package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.time.Duration;

/** Begins sessions with a server that may just be starting again. */
public final class Reconnecting {
  /** A server that recovers from a crash is mostly back by then. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 250;

  private Reconnecting() {}

  /**
   * A session with the database, tried again and again for a minute. The caller closes it.
   *
   * @throws Failure UNAVAILABLE when there is none by then, with the last reason
   */
  public static Database open(Databases databases, Target target) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return databases.open(target);
      } catch (Failure unreachable) {
        if (System.nanoTime() > until || !pause()) {
          throw unreachable;
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
