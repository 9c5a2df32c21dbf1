package dev.belay.diff;

import dev.belay.integrity.RowHash;
import java.util.ArrayList;
import java.util.List;

/** Reads the rows of some ranges of the key, as one relation in SQL. */
final class RangeRows {
  private RangeRows() {}

  /**
   * The ranges that have two ends by one join, those at the edges as further parts.
   *
   * @param columns those that are wanted of a row, as a list
   */
  static String sql(
      Relation relation, String columns, List<Bounds.Range> ranges, RangeKey key, Bounds bounds) {
    String rows =
        "select belay_row.tableoid, belay_row.ctid, " + columns + " from " + DiffSide.all(relation);
    List<String> parts = new ArrayList<>();
    List<Bounds.Range> closed = ranges.stream().filter(bounds::closed).toList();
    if (!closed.isEmpty()) {
      parts.add(
          "select x.* from "
              + ChunkQueries.ranges(key, bounds, closed)
              + " cross join lateral ("
              + rows
              + ChunkQueries.within(key)
              + ") x");
    }
    for (Bounds.Range range : ranges) {
      if (!bounds.closed(range)) {
        List<String> conditions = new ArrayList<>();
        if (range.from() > 0) {
          conditions.add(key.row() + " > " + ChunkQueries.value(key, bounds.below(range)));
        }
        if (range.to() < bounds.values().size()) {
          conditions.add(key.row() + " <= " + ChunkQueries.value(key, bounds.upTo(range)));
        }
        parts.add(
            rows + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions)));
      }
    }
    return "(" + String.join(" union all ", parts) + ") as " + RowHash.ALIAS;
  }
}
