package dev.belay.migrate;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.BlockerWatch;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks from the side, in sessions of its own, at who keeps a migration waiting and whom the
 * migration keeps waiting; where it is told to, it cancels a migration that keeps others waiting
 * for too long.
 */
final class LockGuard implements AutoCloseable {
  private static final long SHORTEST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 250;
  private static final long TELL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LOOKS = 5;

  private final Databases databases;
  private final Target target;
  private final Optional<Duration> longestWait;
  private final Duration lockTimeout;
  private final Progress progress;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = new Thread(this::look, "lock-guard");
  private final Map<String, Long> firstSeen = new HashMap<>();
  private @Nullable BlockerWatch watch;
  private List<Blocker> inTheWay = List.of();
  private long toldAt;
  private int watched;
  private boolean transactional;
  private int pid;
  private @Nullable String reason;
  private long cancelledAt;
  private long longestNanos;

  /**
   * @param longestWait how long others may be kept waiting before the migration is cancelled;
   *     empty: it is only measured
   */
  LockGuard(
      Databases databases,
      Target target,
      Optional<Duration> longestWait,
      Duration lockTimeout,
      Progress progress) {
    this.databases = databases;
    this.target = target;
    this.longestWait = longestWait;
    this.lockTimeout = lockTimeout;
    this.progress = progress;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * A migration begins.
   *
   * @param session in which it runs
   * @param rollsBack whether it can be cancelled without leaving anything
   */
  synchronized void begins(Database session, boolean rollsBack) {
    int now = MigrateQueries.pid(session);
    if (now != watched) {
      closeWatch();
      watch = BlockerWatch.of(databases, session, lockTimeout);
      watched = now;
    }
    reason = null;
    inTheWay = List.of();
    transactional = rollsBack;
    pid = now;
  }

  /** It ended. */
  synchronized void ended() {
    pid = 0;
  }

  /** Who was in the way of the migration last. */
  synchronized List<Blocker> inTheWay() {
    takeBlockers();
    return inTheWay;
  }

  /** Why it was cancelled; empty when it was not, or not by this. */
  synchronized Optional<String> cancelled() {
    return transactional ? Optional.ofNullable(reason) : Optional.empty();
  }

  /** How long somebody waited for it at most, in milliseconds. */
  synchronized long longestWaitMillis() {
    return longestNanos / 1_000_000;
  }

  private void look() {
    long most = longestWait.map(Duration::toMillis).orElse(1000L) / LOOKS;
    long pause = Math.max(SHORTEST_PAUSE_MILLIS, Math.min(LONGEST_PAUSE_MILLIS, most));
    boolean again = true;
    while (again) {
      try (Database session = databases.open(target)) {
        while (!over.await(pause, TimeUnit.MILLISECONDS)) {
          look(session);
        }
        again = false;
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        again = false;
      } catch (Failure blind) {
        progress.detail("who waits for the migration is not seen: " + blind.message());
        again = !isOver(LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private boolean isOver(long millis) {
    try {
      return over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void look(Database session) {
    int now;
    synchronized (this) {
      now = pid;
      if (now != 0) {
        takeBlockers();
        tell();
      }
    }
    if (now == 0) {
      firstSeen.clear();
      return;
    }
    List<MigrateQueries.Waiting> waiting = MigrateQueries.waitingFor(session, now);
    long moment = System.nanoTime();
    Map<String, Long> still = new HashMap<>();
    for (MigrateQueries.Waiting each : waiting) {
      String who = each.pid() + " " + each.since();
      long since = firstSeen.getOrDefault(who, moment);
      still.put(who, since);
      waits(session, now, each, moment - since);
    }
    firstSeen.clear();
    firstSeen.putAll(still);
  }

  private synchronized void waits(
      Database session, int of, MigrateQueries.Waiting who, long nanos) {
    longestNanos = Math.max(longestNanos, nanos);
    boolean tooLong = longestWait.isPresent() && nanos >= longestWait.get().toNanos();
    if (!tooLong || pid != of) {
      return;
    }
    boolean first = reason == null;
    String why =
        "it kept %s waiting for %s".formatted(who.words(), Units.duration(Duration.ofNanos(nanos)));
    if (first) {
      reason = why;
      cancelledAt = System.nanoTime();
    }
    if (transactional) {
      // Each look again: between two statements a cancel meets nothing, and a script may catch it.
      MigrateQueries.cancel(session, of);
      warnOfVain(why);
    } else if (first) {
      progress.warn(
          why + "; it is not cancelled, since what it did until now would stay half done");
    }
  }

  private void warnOfVain(String why) {
    long now = System.nanoTime();
    if (now - cancelledAt > TELL_EVERY_NANOS) {
      cancelledAt = now;
      progress.warn(why + "; it was cancelled, and goes on");
    }
  }

  private void takeBlockers() {
    List<Blocker> now = watch == null ? List.of() : watch.take();
    if (!now.isEmpty()) {
      inTheWay = now;
    }
  }

  /** One that waits without a limit, such as for older transactions, should not do so silently. */
  private void tell() {
    long now = System.nanoTime();
    if (inTheWay.isEmpty() || now - toldAt < TELL_EVERY_NANOS) {
      return;
    }
    toldAt = now;
    progress.warn("the migration waits for " + inTheWay.get(0).wordsWithQuery());
  }

  private void closeWatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  /** Stops looking. */
  @Override
  public void close() {
    over.countDown();
    synchronized (this) {
      closeWatch();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
