package dev.belay.verify;

import dev.belay.postgres.Database;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How busy a server is.
 *
 * @param active how many sessions of others were at work, on average
 * @param hidden how many sessions there are of which that may not be known
 * @param transactionsPerSecond of all databases, this program's own included
 */
record Load(double active, long hidden, double transactionsPerSecond) {
  private static final int LOOKS = 6;

  /** Sessions report their transactions to the statistics every second. */
  private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  /** Somebody at work in every second look. */
  private static final double BUSY_SESSIONS = 0.5;

  /** Belay's own looks are some of them. */
  private static final double BUSY_TRANSACTIONS = 25;

  /** Looks for 1.2 seconds. */
  static Load sample(Database session) {
    long begin = System.nanoTime();
    LoadQueries.Look first = LoadQueries.look(session);
    LoadQueries.Look last = first;
    double active = first.active();
    for (int look = 1; look < LOOKS; look++) {
      LockSupport.parkNanos(SAMPLE_NANOS / (LOOKS - 1));
      last = LoadQueries.look(session);
      active += last.active();
    }
    double seconds = Math.max(0.001, (System.nanoTime() - begin) / 1e9);
    return new Load(
        active / LOOKS,
        last.hidden(),
        Math.max(0, last.transactions() - first.transactions()) / seconds);
  }

  /** Whether clients would notice; also when it cannot be known. */
  boolean isBusy() {
    return active >= BUSY_SESSIONS || transactionsPerSecond >= BUSY_TRANSACTIONS || hidden > 0;
  }

  /** Why it is taken for busy, or not. */
  String reason() {
    String seen =
        String.format(
            Locale.ROOT,
            "%.1f other sessions at work and %.0f transactions/s in 1.2 s",
            active,
            transactionsPerSecond);
    return hidden > 0 && active < BUSY_SESSIONS && transactionsPerSecond < BUSY_TRANSACTIONS
        ? "%d sessions cannot be seen by this user, who is no member of pg_read_all_stats"
            .formatted(hidden)
        : seen;
  }
}
