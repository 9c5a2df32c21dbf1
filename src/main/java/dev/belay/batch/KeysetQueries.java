package dev.belay.batch;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds where the next batch ends. */
final class KeysetQueries {
  private KeysetQueries() {}

  /** The last key of a batch, and how many rows it has. */
  record Bound(List<String> key, long rows) {}

  /** So many rows after that key, or all that are left; empty: none is. */
  static Optional<Bound> next(
      Database session, BatchTable table, Optional<List<String>> after, int rows) {
    Optional<Bound> full =
        session.first(
            table.boundSql(after.isPresent()),
            row -> new Bound(BatchTableQueries.texts(row.getArray(1)), rows),
            parameters(after, rows - 1));
    return full.isPresent()
        ? full
        : session.first(
            table.restSql(after.isPresent()),
            row -> new Bound(BatchTableQueries.texts(row.getArray(1)), row.getLong(2)),
            parameters(after, rows));
  }

  private static Object[] parameters(Optional<List<String>> after, int number) {
    List<Object> parameters = new ArrayList<>(after.orElse(List.of()));
    parameters.add(number);
    return parameters.toArray();
  }
}
