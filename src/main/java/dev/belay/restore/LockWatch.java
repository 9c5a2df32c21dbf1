package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps pg_restore from waiting long for a lock of a live table: everybody who comes later would
 * wait behind it. It sets its own lock_timeout to none, so it is watched from the side, and ended
 * on the server.
 */
final class LockWatch implements AutoCloseable {
  private static final long LOOKS = 4;
  private static final long SHORTEST_PAUSE_MILLIS = 50;

  private final GuardedRun run;
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<Optional<String>> blockers =
      new AtomicReference<>(Optional.empty());
  private final Thread thread;

  private LockWatch(GuardedRun run) {
    this.run = run;
    this.thread = new Thread(this::watch, "lock-watch");
    thread.setDaemon(true);
  }

  /** Begins to look. */
  static LockWatch begin(GuardedRun run) {
    LockWatch watch = new LockWatch(run);
    watch.thread.start();
    return watch;
  }

  /** Who was in the way, in words, when pg_restore was ended; empty: it was not. */
  Optional<String> blockers() {
    return Objects.requireNonNull(blockers.get());
  }

  private void watch() {
    String theirs = RunSessions.name(run.run(), "pg_restore");
    long longest = run.settings().lockTimeout().toMillis();
    long pause = Math.max(SHORTEST_PAUSE_MILLIS, longest / LOOKS);
    long waited = 0;
    try (Database session = run.openMaintenance()) {
      while (!over.await(pause, TimeUnit.MILLISECONDS)) {
        Optional<String> inTheWay = PreflightQueries.inTheWay(session, theirs);
        waited = inTheWay.isEmpty() ? 0 : waited + pause;
        if (waited > longest) {
          blockers.set(inTheWay);
          PreflightQueries.terminate(session, theirs);
          return;
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (Failure blind) {
      run.progress().detail("locks are not watched any more: " + blind.message());
    }
  }

  /** Stops looking. */
  @Override
  public void close() {
    over.countDown();
  }
}
