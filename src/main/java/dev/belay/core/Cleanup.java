package dev.belay.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What must still be done when the program is interrupted: children ended, scratch databases
 * dropped, partial folders removed. Each action runs once, newest first, either when its owner is
 * done with it or when the program ends by Ctrl-C or SIGTERM. After {@code kill -9} nothing here
 * runs; the next start sweeps.
 */
public final class Cleanup {
  private static final Deque<Pending> PENDING = new ArrayDeque<>();
  private static final AtomicBoolean INTERRUPTED = new AtomicBoolean();
  private static final long PATIENCE_SECONDS = 20;
  private static final List<String> DONE = new CopyOnWriteArrayList<>();
  private static boolean hooked;

  private Cleanup() {}

  /** An action that is due. Closing it runs the action; {@link #cancel()} forgets it. */
  public static final class Pending implements AutoCloseable {
    private final Runnable action;
    private final ReentrantLock running = new ReentrantLock();
    private boolean done;

    private Pending(Runnable action) {
      this.action = action;
    }

    /** The thing is not to be cleaned up any more, because it was finished and is to stay. */
    public void cancel() {
      running.lock();
      try {
        done = true;
      } finally {
        running.unlock();
        forget(this);
      }
    }

    /** Cleans up now, unless it was done or cancelled before. */
    @Override
    public void close() {
      running.lock();
      try {
        runOnce();
      } finally {
        running.unlock();
        forget(this);
      }
    }

    private void runOnce() {
      if (!done) {
        done = true;
        action.run();
      }
    }

    /** An owner that is at it already is waited for, but not for ever. */
    private void closeAtTheEnd() throws InterruptedException {
      if (running.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        try {
          runOnce();
        } finally {
          running.unlock();
        }
      }
      forget(this);
    }
  }

  /**
   * Registers an action; it must not fail when the thing is already gone.
   *
   * @throws Failure UNAVAILABLE when the program is ending, so that nothing new is begun
   */
  public static synchronized Pending register(Runnable action) {
    if (INTERRUPTED.get()) {
      throw Failure.unavailable("belay is being ended", "run the command again when you are ready");
    }
    if (!hooked) {
      hooked = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::runAll, "cleanup"));
    }
    Pending pending = new Pending(action);
    PENDING.push(pending);
    return pending;
  }

  /**
   * The same; while the program is ending, the action runs only when its owner closes it. For what
   * must be done even then.
   */
  public static synchronized Pending registerEvenAtTheEnd(Runnable action) {
    return INTERRUPTED.get() ? new Pending(action) : register(action);
  }

  /**
   * Whether the program is ending by a signal, so that a failure seen now is only a consequence.
   */
  public static boolean interrupted() {
    return INTERRUPTED.get();
  }

  /**
   * Something was done that stays, also when a signal ends the program before it can answer.
   *
   * @param words a part of a sentence, with the command that takes it back
   */
  public static void done(String words) {
    DONE.add(words);
  }

  /** What was done that stays, in the order in which it was. */
  public static List<String> done() {
    return List.copyOf(DONE);
  }

  /**
   * What to do next when the program was ended by a signal. Some commands take back what they have
   * done when they are run again.
   */
  public static String next() {
    return done().isEmpty()
        ? "run the same command again; it says first what the last run left"
        : "look what is there now before anything is run again: belay verify-state";
  }

  private static synchronized void forget(Pending pending) {
    PENDING.remove(pending);
  }

  private static void runAll() {
    synchronized (Cleanup.class) {
      INTERRUPTED.set(true);
    }
    while (true) {
      Pending next;
      synchronized (Cleanup.class) {
        next = PENDING.peek();
      }
      if (next == null) {
        return;
      }
      try {
        next.closeAtTheEnd();
      } catch (Exception | Error broken) {
        // The others must still run, and there is nobody left to tell.
        forget(next);
      }
    }
  }
}
