package dev.belay.integrity;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A part of a table, or all of it, that one query goes through.
 *
 * @param from the first page, when there is a next piece or it is not the first
 * @param to the first page that is not in it; none: to the end, wherever that is
 * @param bytes its share of the table's size
 */
record Piece(TableShape table, long from, OptionalLong to, long bytes) {
  /** All of a table. */
  static Piece whole(TableShape table) {
    return new Piece(table, 0, OptionalLong.empty(), table.bytes());
  }

  boolean isWhole() {
    return from == 0 && to.isEmpty();
  }

  /**
   * The table in pieces of about that many bytes, values that are stored apart included; the last
   * takes what was added since, too.
   */
  static List<Piece> of(TableShape table, long bytesEach) {
    if (!table.divisible() || table.bytes() <= bytesEach || table.pages() < 2) {
      return List.of(whole(table));
    }
    long pagesEach = Math.max(1, (long) ((double) table.pages() * bytesEach / table.bytes()));
    List<Piece> pieces = new ArrayList<>();
    long left = table.bytes();
    for (long from = 0; from < table.pages(); from += pagesEach) {
      long to = from + pagesEach;
      boolean last = to >= table.pages();
      long bytes = last ? left : (long) ((double) table.bytes() * pagesEach / table.pages());
      left -= bytes;
      pieces.add(new Piece(table, from, last ? OptionalLong.empty() : OptionalLong.of(to), bytes));
    }
    return pieces;
  }
}
