package dev.belay.api;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The statistics of a migration while it runs. For one thread. */
final class Counting {
  /** Beyond, failures are counted together: a class name may be made at run time. */
  private static final int MOST_KINDS = 100;

  /** Of fewer records a part that failed says little while more are to come. */
  private static final int ENOUGH = 100;

  private final long begin = System.nanoTime();
  private final Map<String, Long> failures = new TreeMap<>();
  private long attempted;
  private long succeeded;
  private long failed;
  private long batches;
  private long inBatch;
  private @Nullable Throwable last;
  private @Nullable Duration ended;

  void attempted() {
    attempted++;
  }

  void succeeded() {
    succeeded++;
    inBatch++;
  }

  void failed(Throwable why) {
    failed(why, 1);
  }

  private void failed(Throwable why, long records) {
    failed += records;
    last = why;
    String kind = kind(why);
    failures.merge(
        failures.size() < MOST_KINDS || failures.containsKey(kind) ? kind : "other",
        records,
        Long::sum);
  }

  void committed() {
    batches++;
    inBatch = 0;
  }

  /** Everything of the batch that had succeeded is taken back. */
  void batchFailed(Throwable why) {
    succeeded -= inBatch;
    if (inBatch > 0) {
      failed(why, inBatch);
    }
    inBatch = 0;
  }

  void end() {
    if (ended == null) {
      ended = Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  /** Exactly: of 100 with a threshold of 0.29, 29 may fail. */
  boolean exceeds(double threshold) {
    BigDecimal most = BigDecimal.valueOf(threshold).multiply(BigDecimal.valueOf(attempted));
    return BigDecimal.valueOf(failed).compareTo(most) > 0;
  }

  /** Whether so many were attempted that a few failures do not yet count as too many. */
  boolean tells() {
    return attempted >= ENOUGH;
  }

  @Nullable Throwable last() {
    return last;
  }

  MigrationStatistics now() {
    Duration duration = ended;
    return new MigrationStatistics(
        attempted,
        succeeded,
        failed,
        batches,
        duration == null ? Duration.ofNanos(System.nanoTime() - begin) : duration,
        failures);
  }

  /** The SQLSTATE of the first error of a server among the causes. */
  static String kind(Throwable why) {
    Throwable each = why;
    for (int depth = 0; each != null && depth < 20; depth++) {
      if (each instanceof SQLException error && error.getSQLState() != null) {
        return error.getSQLState();
      }
      each = each.getCause();
    }
    return why.getClass().getName();
  }
}
