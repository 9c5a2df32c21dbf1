package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks from the side, in a session of its own, at whether batches have to wait, what somebody
 * wants the run to do, and what clients notice of it. Every 100 ms it looks at the run, every
 * second at all the rest.
 */
final class Throttle implements AutoCloseable {
  private static final long PROBE_MILLIS = 100;
  private static final long LOOK_NANOS = 1_000_000_000;
  private static final int PROBES_BEFORE = 20;

  /** After so long without an answer nobody knows whether to go on. */
  private static final long SILENCE_NANOS = 3 * LOOK_NANOS;

  private final Database session;
  private final long run;
  private final int worker;
  private final ThrottleLimits limits;
  private final boolean archives;
  private final ClientProbe clients = new ClientProbe();
  private final Thread thread;

  private Optional<String> reason = Optional.empty();
  private BatchState wish = BatchState.RUNNING;
  private Optional<String> wishReason = Optional.empty();
  private double slowdown = 1;
  private long heardAt = System.nanoTime();
  private @Nullable Failure broken;
  private boolean closed;

  private Throttle(Database session, long run, int worker, ThrottleLimits limits) {
    this.session = session;
    this.run = run;
    this.worker = worker;
    this.limits = limits;
    this.archives = ThrottleQueries.archives(session);
    this.thread = new Thread(this::watch, "throttle");
    thread.setDaemon(true);
  }

  /**
   * Looks once, and then again and again.
   *
   * @param worker the server process of the session that does the batches
   * @param probes whether to measure first what clients get now
   * @throws Failure USAGE when the operator's query cannot be run
   */
  static Throttle begin(
      Databases databases,
      Target target,
      long run,
      int worker,
      ThrottleLimits limits,
      boolean probes) {
    Database session = databases.open(target);
    try {
      session.execute("set lock_timeout = '1s'");
      Throttle throttle = new Throttle(session, run, worker, limits);
      limits.query().ifPresent(query -> tried(session, query));
      if (probes) {
        throttle.measureBefore();
      }
      throttle.look();
      throttle.probe();
      throttle.thread.start();
      return throttle;
    } catch (Throwable failed) {
      session.close();
      throw failed;
    }
  }

  static void tried(Database session, String query) {
    try {
      ThrottleQueries.wishesPause(session, query);
    } catch (Failure failure) {
      throw Failure.usage(
              "--throttle-query cannot be used: " + failure.message(),
              "give a query that answers true or false within 0.8 s and changes nothing")
          .causedBy(failure);
    }
  }

  /** Why batches have to wait; empty: they may go on. */
  synchronized Optional<String> reason() {
    if (broken != null) {
      throw broken;
    }
    if (System.nanoTime() - heardAt > SILENCE_NANOS) {
      return Optional.of("the server does not answer the session that watches");
    }
    if (wish == BatchState.PAUSED) {
      // A text of a user comes last, where it can hide nothing.
      return Optional.of(
          "paused, go on with: belay batch resume"
              + wishReason.map(by -> "; paused by " + by).orElse(""));
    }
    return reason;
  }

  /** Whether somebody wants the run to end. */
  synchronized boolean isAborting() {
    return wish == BatchState.ABORTING;
  }

  /** So many times as long as before do clients take. */
  synchronized double slowdown() {
    return slowdown;
  }

  /** Whether that is known since the last {@link #changed}. */
  synchronized boolean knowsSlowdown() {
    return clients.knows();
  }

  /**
   * Batches take another part of the time from now on.
   *
   * @param least they take nearly nothing, and have for a while: what clients get now is what they
   *     get without
   */
  synchronized void changed(boolean least) {
    if (least) {
      clients.beginAgain();
    } else {
      clients.forget();
    }
    slowdown = 1;
  }

  /** Whether WAL that waits to be archived is looked at. */
  boolean seesArchive() {
    return archives;
  }

  private void measureBefore() {
    long[] nanos = new long[PROBES_BEFORE];
    for (int probe = 0; probe < PROBES_BEFORE; probe++) {
      pause(PROBE_MILLIS / 2);
      nanos[probe] = timed();
    }
    clients.begin(nanos);
  }

  private long timed() {
    long begin = System.nanoTime();
    probe();
    return System.nanoTime() - begin;
  }

  private void probe() {
    Optional<String> waitsFor;
    synchronized (this) {
      waitsFor = wish == BatchState.PAUSED ? Optional.empty() : reason;
    }
    ThrottleQueries.Wish now =
        ThrottleQueries.probe(session, run, waitsFor)
            .orElseThrow(
                () ->
                    Failure.failed(
                        "the run was taken out of the ledger",
                        "see what there is with: belay batch status"));
    synchronized (this) {
      wish = now.state();
      wishReason = now.reason();
      heardAt = System.nanoTime();
    }
  }

  private void look() {
    Optional<String> now = found();
    synchronized (this) {
      reason = now;
    }
  }

  private Optional<String> found() {
    if (limits.file().isPresent() && Files.exists(limits.file().get())) {
      return Optional.of("the file %s is there".formatted(limits.file().get()));
    }
    Optional<String> query = limits.query().flatMap(this::asked);
    if (query.isPresent()) {
      return query;
    }
    if (limits.lag().isPresent()) {
      Duration most = limits.lag().get();
      Optional<ThrottleQueries.Behind> behind =
          ThrottleQueries.behind(session, most.toMillis() / 1000.0);
      if (behind.isPresent()) {
        return Optional.of(
            "the replica %s is %s behind, and --max-lag is %s"
                .formatted(
                    behind.get().replica(),
                    Units.duration(Duration.ofMillis(behind.get().millis())),
                    Units.duration(most)));
      }
    }
    if (limits.active().isPresent()) {
      long active = ThrottleQueries.active(session);
      if (active > limits.active().get()) {
        return Optional.of(
            "%d sessions are active, and --max-active is %d"
                .formatted(active, limits.active().get()));
      }
    }
    if (archives) {
      long ready = ThrottleQueries.readyToArchive(session);
      if (ready > limits.archive()) {
        return Optional.of(
            "%d WAL files wait to be archived, and --max-archive-backlog is %d"
                .formatted(ready, limits.archive()));
      }
    }
    long waiting = ThrottleQueries.waitingFor(session, worker);
    return waiting > 0
        ? Optional.of(
            Units.count(waiting, "session waits", "sessions wait") + " for locks of a batch")
        : Optional.empty();
  }

  private Optional<String> asked(String query) {
    try {
      return ThrottleQueries.wishesPause(session, query)
          ? Optional.of("--throttle-query answers true")
          : Optional.empty();
    } catch (Failure failure) {
      if (SqlState.lostConnection(failure)) {
        throw failure;
      }
      return Optional.of("--throttle-query fails: " + failure.message());
    }
  }

  private void watch() {
    long lookedAt = System.nanoTime();
    try {
      while (pause(PROBE_MILLIS)) {
        long nanos = timed();
        synchronized (this) {
          clients.add(nanos);
          slowdown = clients.slowdown();
        }
        if (System.nanoTime() - lookedAt > LOOK_NANOS) {
          look();
          lookedAt = System.nanoTime();
        }
      }
    } catch (Failure failure) {
      synchronized (this) {
        broken = closed ? null : failure;
      }
    } catch (RuntimeException | Error defect) {
      synchronized (this) {
        broken = Failure.unexpected(defect);
      }
    }
  }

  private synchronized boolean pause(long millis) {
    try {
      long until = System.nanoTime() + millis * 1_000_000;
      for (long left = millis;
          left > 0 && !closed;
          left = (until - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closed;
  }

  /** Stops looking. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(SILENCE_NANOS / 1_000_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    session.close();
  }
}
