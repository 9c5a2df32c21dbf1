package dev.belay.dataset;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A part of a table that one COPY reads.
 *
 * @param table as it is listed in the header
 * @param part the relation; null for a table that has none
 * @param from the first page
 * @param to the first page that is not in it; none: to the end, wherever that is
 * @param bytes its share of the table's size
 */
record Piece(
    ExportedTable table, LiveTable.@Nullable Part part, long from, OptionalLong to, long bytes) {

  /** The table in pieces of about that many bytes, in the order of its pages. */
  static List<Piece> of(ExportedTable table, LiveTable live, long bytesEach) {
    if (live.parts().isEmpty()) {
      return List.of(new Piece(table, null, 0, OptionalLong.empty(), 0));
    }
    List<Piece> pieces = new ArrayList<>();
    live.parts().forEach(part -> add(table, part, bytesEach, pieces));
    return pieces;
  }

  private static void add(
      ExportedTable table, LiveTable.Part part, long bytesEach, List<Piece> pieces) {
    if (!part.divisible() || part.bytes() <= bytesEach || part.pages() < 2) {
      pieces.add(new Piece(table, part, 0, OptionalLong.empty(), part.bytes()));
      return;
    }
    long each = Math.max(1, (long) ((double) part.pages() * bytesEach / part.bytes()));
    long left = part.bytes();
    for (long from = 0; from < part.pages(); from += each) {
      boolean last = from + each >= part.pages();
      long bytes = last ? left : (long) ((double) part.bytes() * each / part.pages());
      left -= bytes;
      pieces.add(
          new Piece(
              table,
              part,
              from,
              last ? OptionalLong.empty() : OptionalLong.of(from + each),
              bytes));
    }
  }

  /** The COPY of its rows; not for a piece without a relation. */
  String sql(LiveTable.Part of) {
    // The name that a condition may give the table by, also where a partition is read.
    Identifier row = new Identifier(table.table());
    StringBuilder query =
        new StringBuilder("copy (select ")
            .append(
                table.written().stream()
                    .map(column -> row + "." + new Identifier(column.name()))
                    .collect(Collectors.joining(", ")))
            .append(of.only() ? " from only " : " from ")
            .append(of.name())
            .append(" as ")
            .append(row)
            .append(" where true");
    if (from > 0 || to.isPresent()) {
      query.append(" and ").append(row).append(".ctid >= '(").append(from).append(",0)'");
      to.ifPresent(
          end -> query.append(" and ").append(row).append(".ctid < '(").append(end).append(",0)'"));
    }
    table
        .condition()
        .ifPresent(text -> query.append(" and ").append(Condition.inParentheses(text)));
    return query.append(") to stdout").toString();
  }
}
