package dev.belay.readiness;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures how long it takes until the server answers, and how often it does not. */
final class RoundTripQueries {
  /** The first ones load classes and warm caches. */
  private static final int UNCOUNTED = 5;

  /** One that takes longer is lost. */
  private static final int PATIENCE_MILLIS = 5_000;

  private static final long WHOLE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int MOST_LOST = 3;

  /**
   * What was measured.
   *
   * @param nanos of each round trip, sorted
   * @param lost sessions that broke, or did not answer
   */
  record RoundTrips(List<Long> nanos, int lost) {}

  private RoundTripQueries() {}

  /**
   * Asks one after the other, so often or for five seconds, in a session of its own; where that
   * breaks, in another.
   */
  static RoundTrips measure(Databases databases, Target target, int most) {
    List<Long> nanos = new ArrayList<>();
    int lost = 0;
    int uncounted = UNCOUNTED;
    Database session = null;
    long end = System.nanoTime() + WHOLE_NANOS;
    try {
      while (nanos.size() < most && lost < MOST_LOST && System.nanoTime() < end) {
        try {
          if (session == null) {
            session = impatient(databases.open(target));
          }
          long begin = System.nanoTime();
          session.number("select 1");
          if (uncounted > 0) {
            uncounted--;
          } else {
            nanos.add(System.nanoTime() - begin);
          }
        } catch (Failure broken) {
          lost++;
          close(session);
          session = null;
        }
      }
    } finally {
      close(session);
    }
    nanos.sort(Long::compare);
    return new RoundTrips(List.copyOf(nanos), lost);
  }

  private static Database impatient(Database session) {
    try {
      session.connection().setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
      return session;
    } catch (SQLException cannot) {
      session.close();
      throw session.failure(cannot);
    }
  }

  private static void close(@Nullable Database session) {
    if (session != null) {
      session.close();
    }
  }
}
