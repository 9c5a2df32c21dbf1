package dev.belay.postgres;

import dev.belay.core.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session with a thread of its own, so that whoever asks need not wait for a server that does not
 * answer. It is opened, and opened again, by the questions themselves.
 */
public final class SessionThread implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofMillis(300);

  private final String name;
  private final ExecutorService thread;
  private volatile boolean closed;
  private volatile @Nullable Database session;

  /**
   * @param name of the thread
   */
  public SessionThread(String name) {
    this.name = name;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Asks in the thread, after what was asked before. */
  public <T> Future<T> ask(Callable<T> question) {
    return thread.submit(question);
  }

  /** Whether it is ended, so that nothing may be asked any more. */
  public boolean isClosed() {
    return closed;
  }

  /** The session, if there is one. */
  public Optional<Database> session() {
    return Optional.ofNullable(session);
  }

  /**
   * Keeps a session that was opened in the thread.
   *
   * @throws Failure UNAVAILABLE when all was ended meanwhile; the session is closed then
   */
  public void keep(Database opened) {
    session = opened;
    if (closed) {
      opened.close();
      throw Failure.unavailable("the session is being ended", "start it again");
    }
  }

  /** Closes a session that is of no use any more; in the thread. */
  public void forget() {
    Database broken = session;
    session = null;
    if (broken != null) {
      broken.close();
    }
  }

  /** Cancels what runs, in a thread of its own: the server, which is asked to, may not answer. */
  public void cancel() {
    Database busy = session;
    if (busy != null) {
      Thread cancelling = new Thread(busy::cancel, name + "-cancel");
      cancelling.setDaemon(true);
      cancelling.start();
    }
  }

  /** Ends a session that does not answer, without asking the server. */
  public void abort() {
    Database stuck = session;
    if (stuck != null) {
      stuck.abort();
    }
  }

  /** Ends the session; one that does not answer is left to itself. */
  @Override
  public void close() {
    closed = true;
    thread.shutdown();
    boolean ended = false;
    try {
      ended = thread.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Database open = session;
    if (open != null && ended) {
      open.close();
    } else {
      abort();
    }
  }
}
