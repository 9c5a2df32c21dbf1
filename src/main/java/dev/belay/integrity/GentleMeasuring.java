package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Sums up tables in one session, in short steps with rests, so that clients hardly notice. For one
 * use.
 */
final class GentleMeasuring {
  private static final FingerprintQueries.Sum NOTHING =
      new FingerprintQueries.Sum(0, BigInteger.ZERO);

  private final Progress.Bar bytes;
  private FingerprintQueries.Sum sum = NOTHING;

  GentleMeasuring(Progress.Bar bytes) {
    this.bytes = bytes;
  }

  Map<TableName, Fingerprint> run(List<TableShape> tables, Supplier<Database> workers) {
    Map<TableName, Fingerprint> answer = new TreeMap<>();
    if (tables.isEmpty()) {
      return answer;
    }
    try (Database session = workers.get()) {
      Cleanup.Pending stop = Cleanup.register(session::cancel);
      try {
        FingerprintQueries.prepare(session);
        for (TableShape table : tables) {
          FingerprintQueries.Sum all = sum(session, table);
          answer.put(table.name(), new Fingerprint(all.rows(), all.hashes().toString()));
        }
      } finally {
        stop.cancel();
      }
    }
    return answer;
  }

  private FingerprintQueries.Sum sum(Database session, TableShape table) {
    try {
      if (!table.divisible()) {
        FingerprintQueries.Sum whole = FingerprintQueries.sum(session, Piece.whole(table));
        bytes.advance(table.bytes());
        return whole;
      }
      sum = NOTHING;
      PageWalk.over(
          table.pages(),
          table.rows(),
          (from, to) -> {
            if (Thread.currentThread().isInterrupted() || Cleanup.interrupted()) {
              throw Failure.failed(
                  "the taking of fingerprints was interrupted", "run the command again");
            }
            long size = share(table, to.orElse(table.pages())) - share(table, from);
            Piece piece = new Piece(table, from, to, size);
            sum = sum.plus(FingerprintQueries.sum(session, piece));
            bytes.advance(piece.bytes());
          });
      return sum;
    } catch (Failure failure) {
      throw failure.about("table " + table.name().plain());
    }
  }

  private static long share(TableShape table, long pages) {
    return table.pages() == 0
        ? 0
        : (long) ((double) table.bytes() * Math.min(pages, table.pages()) / table.pages());
  }
}
