package dev.belay.watch;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SessionThread;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Times a statement again and again, in a session and a thread of its own. One that takes too long
 * is ended by the server, else cancelled, else its session is given up; so no probe takes more than
 * its limit and two seconds. For one caller at a time; nothing throws.
 */
final class Prober implements AutoCloseable {
  private static final Duration GRACE = Duration.ofMillis(500);

  private final Databases databases;
  private final Target target;
  private final String name;
  private final String sql;
  private final Duration limit;
  private final SessionThread thread = new SessionThread("probe");
  private @Nullable Future<Probe> asked;
  private long askedNanos;

  /**
   * @param name what {@code pg_stat_activity} calls the session
   * @param limit after which a probe is ended
   */
  Prober(Databases databases, Target target, String name, String sql, Duration limit) {
    this.databases = databases;
    this.target = target;
    this.name = name;
    this.sql = sql;
    this.limit = limit;
  }

  /** Tries it once. */
  Probe probe() {
    Future<Probe> before = asked;
    if (before != null && !before.isDone()) {
      // It is still connecting: the server does not answer at all.
      return none(
          "no answer for " + Units.duration(Duration.ofNanos(System.nanoTime() - askedNanos)));
    }
    askedNanos = System.nanoTime();
    Future<Probe> now = thread.ask(this::ask);
    asked = now;
    try {
      Optional<Probe> answer = await(now, limit.plus(GRACE));
      if (answer.isEmpty()) {
        thread.cancel();
        answer = await(now, GRACE);
      }
      if (answer.isEmpty()) {
        thread.abort();
        answer =
            await(now, GRACE)
                .map(given -> none("no answer within " + Units.duration(limit.plus(GRACE))));
      }
      return answer.orElseGet(() -> none("no answer, and no connection"));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return none("the watch is being ended");
    }
  }

  private static Optional<Probe> await(Future<Probe> answer, Duration patience)
      throws InterruptedException {
    try {
      return Optional.of(answer.get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException slow) {
      return Optional.empty();
    } catch (ExecutionException broken) {
      return Optional.of(none(String.valueOf(broken.getCause())));
    }
  }

  private static Probe none(String reason) {
    return new Probe(
        Optional.empty(),
        false,
        Optional.of(
            Failure.unavailable(reason, "see whether the server is up with: belay verify-state")));
  }

  private Probe ask() {
    long begin = System.nanoTime();
    try {
      Database open = thread.session().orElse(null);
      if (open == null) {
        open = ProbeQueries.open(databases, target, name, limit);
        thread.keep(open);
        // Connecting is not what is timed.
        begin = System.nanoTime();
      }
      ProbeQueries.run(open, sql);
      return new Probe(since(begin), false, Optional.empty());
    } catch (Failure failure) {
      if (SqlState.QUERY_CANCELED.isOf(failure)) {
        return new Probe(since(begin), true, Optional.empty());
      }
      if (SqlState.lostConnection(failure) || SqlState.of(failure).isEmpty()) {
        thread.forget();
      }
      return new Probe(Optional.empty(), false, Optional.of(failure));
    }
  }

  private static Optional<Duration> since(long begin) {
    return Optional.of(Duration.ofNanos(System.nanoTime() - begin));
  }

  /** Ends the session; one that does not answer is left to itself. */
  @Override
  public void close() {
    thread.close();
  }
}
