package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Fingerprints of tables: equal before a dump and after its restore, on this and on other major
 * versions, and different when any value of any row is.
 */
public final class Fingerprints {
  /** The name of the form: how a row becomes a number. It is kept beside every fingerprint. */
  public static final String FORM = "text-hash64-v1";

  /** Some tenths of a second of work. */
  private static final long BYTES_PER_PIECE = 64 << 20;

  private Fingerprints() {}

  /**
   * What this server and database make of known values. Fingerprints can be compared only where
   * form and probe are the same: another encoding, another byte order, or a server that writes a
   * type's text differently gives another probe.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static String probe(Database session) {
    return FingerprintQueries.probe(session);
  }

  /**
   * The tables whose rows pg_dump writes: plain tables and leaf partitions, unlogged ones too, but
   * no partitioned parents, foreign or temporary tables.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static Tables tables(Database session) {
    return FingerprintQueries.tables(session);
  }

  /**
   * The tables of a snapshot that were truncated, rewritten or dropped since. Neither is undone in
   * an older snapshot, so a dump and a fingerprint of such a table may have seen different rows.
   *
   * @param session in a snapshot, asked when everything has been read
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static List<TableName> replacedSince(Database session) {
    return FingerprintQueries.replaced(session);
  }

  /**
   * Goes through every row of the tables, biggest first. With several jobs, big tables are divided
   * so that several sessions share one; with one job each table is read in one go, which spares the
   * server's cache. The first failure cancels the others; so does an interrupt of this thread.
   *
   * @param workers gives a session each time, in the moment that is to be measured; it is closed
   *     here
   * @param bytes is moved on by each table's {@link TableShape#bytes}
   * @return the fingerprint of each of the tables, sorted by name
   * @throws dev.belay.core.Failure what the first session failed with, with the table's name
   */
  public static Map<TableName, Fingerprint> measure(
      List<TableShape> tables, Supplier<Database> workers, int jobs, Progress.Bar bytes) {
    return measure(tables, workers, jobs, bytes, jobs > 1 ? BYTES_PER_PIECE : Long.MAX_VALUE);
  }

  /**
   * The same, at that pace. A gentle one reads each table in short steps, each in a moment of its
   * own unless the session is in a snapshot, so that a table that is written meanwhile may come out
   * as it never was.
   *
   * @throws dev.belay.core.Failure what the first session failed with, with the table's name
   */
  public static Map<TableName, Fingerprint> measure(
      List<TableShape> tables, Supplier<Database> workers, Pace pace, Progress.Bar bytes) {
    return pace.gentle()
        ? new GentleMeasuring(bytes).run(tables, workers)
        : measure(tables, workers, pace.jobs(), bytes);
  }

  /**
   * Goes through every row of the tables in a session that stays open, with what its own
   * transaction has written.
   *
   * @return the fingerprint of each of the tables, sorted by name
   * @throws dev.belay.core.Failure what the session failed with, with the table's name
   */
  public static Map<TableName, Fingerprint> measureHere(
      List<TableShape> tables, Database session, Progress.Bar bytes) {
    Map<TableName, Fingerprint> fingerprints = new TreeMap<>();
    for (TableShape table : tables) {
      try {
        FingerprintQueries.Sum sum = FingerprintQueries.sum(session, Piece.whole(table));
        fingerprints.put(table.name(), new Fingerprint(sum.rows(), sum.hashes().toString()));
      } catch (Failure failure) {
        throw failure.about("table " + table.name().plain());
      }
      bytes.advance(table.bytes());
    }
    return fingerprints;
  }

  static Map<TableName, Fingerprint> measure(
      List<TableShape> tables,
      Supplier<Database> workers,
      int jobs,
      Progress.Bar bytes,
      long bytesPerPiece) {
    List<Piece> pieces =
        tables.stream().flatMap(table -> Piece.of(table, bytesPerPiece).stream()).toList();
    return new Measuring(pieces, bytes).run(workers, jobs);
  }
}
