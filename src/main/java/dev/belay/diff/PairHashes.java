package dev.belay.diff;

import dev.belay.integrity.ColumnShape;
import dev.belay.integrity.ColumnText;
import dev.belay.integrity.RowHash;
import java.util.List;

/**
 * The hashes by which the rows of two relations, and of their common ancestor, are compared. Each
 * is an SQL expression over {@link RowHash#ALIAS}.
 *
 * @param key of the key columns; for rows without a key, that of the whole row
 * @param row of all compared columns
 * @param ancestry of the compared columns that the ancestor has, too
 */
record PairHashes(String key, String row, String ancestry) {
  /** Without an ancestor. */
  static PairHashes of(Pair pair) {
    return of(pair, pair.columns());
  }

  /**
   * With one.
   *
   * @param shared names of the compared columns that it has
   */
  static PairHashes of(Pair pair, List<String> shared) {
    String row = RowHash.of(shapes(pair, pair.columns()));
    return new PairHashes(
        pair.key().isEmpty() ? row : RowHash.of(shapes(pair, pair.key())),
        row,
        shared.equals(pair.columns()) ? row : RowHash.of(shapes(pair, shared)));
  }

  /** The same for the ancestor, which has no other columns. */
  PairHashes ofAncestor() {
    return new PairHashes(key, ancestry, ancestry);
  }

  private static List<ColumnShape> shapes(Pair pair, List<String> names) {
    return names.stream().map(name -> new ColumnShape(name, text(pair, name))).toList();
  }

  /** Where the types differ, what both write as text decides. */
  static ColumnText text(Pair pair, String name) {
    ColumnText source = pair.source().column(name).orElseThrow().text();
    ColumnText target = pair.target().column(name).orElseThrow().text();
    return source == target ? source : ColumnText.OUTPUT;
  }
}
