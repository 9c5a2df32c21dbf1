package dev.belay.chaos;

import dev.belay.postgres.Database;
import dev.belay.support.Program;
import dev.belay.support.Proxy;
import java.util.concurrent.TimeUnit;

/** What goes wrong meanwhile. */
enum Fault {
  NONE,
  KILLED,
  TERMINATED,
  INTERRUPTED,
  SESSIONS_ENDED,
  SERVER_CRASHED,
  CONNECTIONS_RESET,
  LOCKED;

  /**
   * Strikes.
   *
   * @param millis after the begin; it does nothing when Belay is done by then
   */
  void strike(World world, Program.Running running, Proxy proxy, long millis)
      throws InterruptedException {
    if (this == NONE) {
      return;
    }
    if (this == LOCKED) {
      locked(world, running, millis);
      return;
    }
    if (running.process().waitFor(millis, TimeUnit.MILLISECONDS)) {
      return;
    }
    switch (this) {
      case KILLED -> running.process().destroyForcibly();
      case TERMINATED -> running.process().destroy();
      case INTERRUPTED -> signal(running);
      case SESSIONS_ENDED -> world.endSessions();
      case SERVER_CRASHED -> world.crash();
      case CONNECTIONS_RESET -> proxy.resetNow();
      default -> throw new IllegalStateException(name());
    }
  }

  private static void signal(Program.Running running) {
    try {
      new ProcessBuilder("kill", "-INT", String.valueOf(running.process().pid()))
          .start()
          .onExit()
          .join();
    } catch (java.io.IOException cannot) {
      throw new java.io.UncheckedIOException(cannot);
    }
  }

  /** Somebody else is in a transaction that read the table, from the begin until then. */
  private static void locked(World world, Program.Running running, long millis)
      throws InterruptedException {
    try (Database other = world.open(world.live)) {
      other.execute("begin");
      other.number("select count(*) from shop.item");
      running.process().waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (dev.belay.core.Failure thrownOut) {
      // A restore ends all sessions.
    }
  }
}
