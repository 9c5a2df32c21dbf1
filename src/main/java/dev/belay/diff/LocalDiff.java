package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;

/**
 * Compares a staged temporary table with a table of the same session: the same differences as
 * between two databases, by one full join on the server.
 */
public final class LocalDiff {
  private static final int PER_FETCH = 1000;

  private LocalDiff() {}

  /**
   * Goes through both. Keys are compared as text, exactly; rows by the hash of their values. Every
   * difference has {@link Difference.Base#UNKNOWN}. While it runs, the sink may use the session.
   *
   * @param session in a transaction, since a cursor is open meanwhile
   * @param pair the shapes: of the staged rows, and of the table
   * @param staged the temporary table, such as {@code pg_temp.rows}
   * @param rows advances by each row that is looked at
   * @throws dev.belay.core.Failure when the server refuses
   */
  public static TableDiff table(
      Database session, Pair pair, TableName staged, DifferenceSink sink, Progress.Bar rows) {
    long sourceRows = LocalDiffQueries.count(session, staged.toString());
    long targetRows = LocalDiffQueries.count(session, pair.target().from());
    long missing = 0;
    long extra = 0;
    long changed = 0;
    LocalDiffQueries.open(session, pair, staged);
    List<Difference> found = LocalDiffQueries.fetch(session, PER_FETCH);
    while (!found.isEmpty()) {
      for (Difference difference : found) {
        switch (difference.kind()) {
          case MISSING -> missing++;
          case EXTRA -> extra++;
          case CHANGED -> changed++;
        }
      }
      sink.accept(found);
      found = LocalDiffQueries.fetch(session, PER_FETCH);
    }
    LocalDiffQueries.close(session);
    rows.advance(sourceRows + targetRows);
    return new TableDiff(pair.name(), sourceRows, targetRows, missing, extra, changed);
  }
}
