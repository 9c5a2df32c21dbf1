package dev.belay.migrate;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.Migration;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.SqlState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a migration that was rolled back because a lock was not given is tried again, and
 * waits before it is, longer and longer. One that is no transaction never is.
 */
final class LockRetries {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** One that keeps others waiting does so again with each try. */
  private static final int MOST_CANCELS = 3;

  private final MigrateRequest request;
  private final Forecast forecast;
  private final LockGuard guard;
  private final Progress progress;
  private final Map<String, Integer> tries = new HashMap<>();
  private int count;

  LockRetries(MigrateRequest request, Forecast forecast, LockGuard guard, Progress progress) {
    this.request = request;
    this.forecast = forecast;
    this.guard = guard;
    this.progress = progress;
  }

  /** How often migrations were begun again. */
  int count() {
    return count;
  }

  /**
   * Waits before the next try, or gives up.
   *
   * @param script the migration that was running; null: none
   * @throws Failure the given one, or one that says who was in the way, when it is not tried again
   */
  void await(Failure failure, @Nullable String script) {
    Optional<String> cancelled =
        SqlState.QUERY_CANCELED.isOf(failure) ? guard.cancelled() : Optional.empty();
    boolean lock =
        SqlState.LOCK_NOT_AVAILABLE.isOf(failure) || SqlState.DEADLOCK_DETECTED.isOf(failure);
    boolean may =
        (lock || cancelled.isPresent())
            && script != null
            && forecast.isTransactional(script)
            && !Cleanup.interrupted();
    if (!may || script == null) {
      throw cancelled.map(why -> tooLong(why).causedBy(failure)).orElse(failure);
    }
    int tried = tries.merge(script, 1, Integer::sum);
    String name = forecast.pending(script).map(Migration::name).orElse(script);
    if (cancelled.isPresent() && tried >= Math.min(MOST_CANCELS, request.tries())) {
      throw tooLong(cancelled.get()).about(name).causedBy(failure);
    }
    List<Blocker> inTheWay = guard.inTheWay();
    if (tried >= request.tries()) {
      throw notGiven(name, inTheWay).causedBy(failure);
    }
    count++;
    progress.warn(
        "%s was rolled back and is tried again (try %d of %d): %s"
            .formatted(
                name,
                tried + 1,
                request.tries(),
                cancelled.orElseGet(() -> "a lock was not given; in the way: " + who(inTheWay))));
    pause(tried);
  }

  private static String who(List<Blocker> inTheWay) {
    return inTheWay.isEmpty()
        ? "a session that is done by now"
        : inTheWay.stream().map(Blocker::wordsWithQuery).collect(Collectors.joining("; "));
  }

  private Failure notGiven(String name, List<Blocker> inTheWay) {
    return Failure.failed(
        "%s: a lock was not given in %s of %s each; in the way: %s"
            .formatted(
                name,
                Units.count(request.tries(), "try", "tries"),
                Units.duration(request.lockTimeout()),
                who(inTheWay)),
        inTheWay.isEmpty()
            ? "run the same command again"
            : "wait for it, or end it with: psql -c 'select pg_terminate_backend(%d)'"
                .formatted(inTheWay.get(0).pid()));
  }

  private Failure tooLong(String why) {
    return Failure.failed(
        "it was cancelled, since %s, longer than --max-lock %s"
            .formatted(why, Units.duration(request.maxLock())),
        "make smaller steps of it, or run it without --zero-downtime when nobody works");
  }

  /** Doubling, and half of it by chance, so that two who wait do not meet again. */
  private static void pause(int tried) {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tried - 1, 10));
    try {
      Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("interrupted while waiting for a lock", "run the same command again");
    }
  }
}
