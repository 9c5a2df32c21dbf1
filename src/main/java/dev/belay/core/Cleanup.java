package dev.belay.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What must still be done when the program is interrupted: children ended, scratch databases
 * dropped, partial folders removed. Each action runs once, newest first, either when its owner is
 * done with it or when the program ends by Ctrl-C or SIGTERM. After {@code kill -9} nothing here
 * runs; the next start sweeps.
 */
public final class Cleanup {
  private static final Deque<Pending> PENDING = new ArrayDeque<>();
  private static final AtomicBoolean INTERRUPTED = new AtomicBoolean();
  private static boolean hooked;

  private Cleanup() {}

  /** An action that is due. Closing it runs the action; {@link #cancel()} forgets it. */
  public static final class Pending implements AutoCloseable {
    private final Runnable action;
    private final AtomicBoolean done = new AtomicBoolean();

    private Pending(Runnable action) {
      this.action = action;
    }

    /** The thing is not to be cleaned up any more, because it was finished and is to stay. */
    public void cancel() {
      done.set(true);
      forget(this);
    }

    /** Cleans up now, unless it was done or cancelled before. */
    @Override
    public void close() {
      forget(this);
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    }
  }

  /** Registers an action; it must not fail when the thing is already gone. */
  public static synchronized Pending register(Runnable action) {
    if (!hooked) {
      hooked = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::runAll, "cleanup"));
    }
    Pending pending = new Pending(action);
    PENDING.push(pending);
    return pending;
  }

  /**
   * Whether the program is ending by a signal, so that a failure seen now is only a consequence.
   */
  public static boolean interrupted() {
    return INTERRUPTED.get();
  }

  private static synchronized void forget(Pending pending) {
    PENDING.remove(pending);
  }

  private static void runAll() {
    INTERRUPTED.set(true);
    while (true) {
      Pending next;
      synchronized (Cleanup.class) {
        next = PENDING.poll();
      }
      if (next == null) {
        return;
      }
      try {
        next.close();
      } catch (RuntimeException | Error broken) {
        // The others must still run, and there is nobody left to tell.
      }
    }
  }
}
