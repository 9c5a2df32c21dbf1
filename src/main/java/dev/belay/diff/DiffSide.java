package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The sessions of one side of a comparison. */
final class DiffSide implements AutoCloseable {
  /** Enough to sort a million rows in memory, and no server notices. */
  private static final String SORT_MEMORY = "64MB";

  private final String name;
  private final List<Database> sessions = new ArrayList<>();

  /**
   * @param name what failures call it: source, target or common ancestor
   */
  DiffSide(String name, Side side, int jobs) {
    this.name = name;
    try {
      for (int job = 0; job < jobs; job++) {
        Database session = side.workers().get();
        sessions.add(session);
        session.execute("set work_mem = '" + SORT_MEMORY + "'");
      }
    } catch (Throwable broken) {
      close();
      throw broken;
    }
  }

  int jobs() {
    return sessions.size();
  }

  /** Reads in the session of that number, and lets go the locks of what was read. */
  <T> T read(int job, Relation relation, Function<Database, T> work) {
    Database session = sessions.get(job);
    try {
      return session.lockingBriefly(() -> work.apply(session));
    } catch (Failure failure) {
      throw failure.about("table %s of the %s".formatted(relation.name().plain(), name));
    }
  }

  /**
   * Begins to read rows; {@link #ended} is due afterwards.
   *
   * @param from what {@code from} takes, with its condition
   * @param byRanges whether an index gives the rows
   */
  RowStream stream(Relation relation, PairHashes hashes, String from, boolean byRanges) {
    Database session = sessions.get(0);
    try {
      session.execute("savepoint belay_stream");
      planner(session, byRanges);
      return RowStreamQueries.open(session, hashes, from);
    } catch (Failure failure) {
      throw failure.about("table %s of the %s".formatted(relation.name().plain(), name));
    }
  }

  /** A stream was read to its end: its locks are let go. */
  void ended() {
    sessions.get(0).execute("rollback to savepoint belay_stream");
    sessions.get(0).execute("release savepoint belay_stream");
  }

  /** With thousands of ranges in one statement the planner cannot know how few rows each has. */
  static void planner(Database session, boolean byRanges) {
    session.execute("set enable_seqscan = " + (byRanges ? "off" : "on"));
  }

  /** What {@code from} takes for all rows. */
  static String all(Relation relation) {
    return relation.from() + " as " + RowHash.ALIAS;
  }

  /** Asks the server to stop whatever it does for this side; for another thread. */
  void cancel() {
    List.copyOf(sessions).forEach(Database::cancel);
  }

  @Override
  public void close() {
    sessions.forEach(Database::close);
  }
}
