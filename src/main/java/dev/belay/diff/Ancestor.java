package dev.belay.diff;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a common ancestor can say of a pair.
 *
 * @param known whether it can say of a row whether it had it
 * @param relation its table; null: it had none, or it cannot say
 */
record Ancestor(boolean known, @Nullable Relation relation) {
  /** Nobody is asked. */
  static Ancestor unknown() {
    return new Ancestor(false, null);
  }

  /**
   * Rows are looked up by their key, or by all their values where they have none, so it can say
   * nothing when it lacks a column of those.
   *
   * @param table its table; empty: it had none
   */
  static Ancestor of(Pair pair, Optional<Relation> table) {
    if (table.isEmpty()) {
      return new Ancestor(true, null);
    }
    List<String> looked = pair.key().isEmpty() ? pair.columns() : pair.key();
    return looked.stream().allMatch(name -> has(table.get(), pair, name))
        ? new Ancestor(true, table.get())
        : unknown();
  }

  /** The compared columns that it has, too. */
  List<String> shared(Pair pair) {
    Relation table = relation;
    return table == null
        ? pair.columns()
        : pair.columns().stream().filter(name -> has(table, pair, name)).toList();
  }

  /** Where the types differ so that values are written otherwise, it is another column. */
  private static boolean has(Relation table, Pair pair, String name) {
    return table
        .column(name)
        .filter(column -> !column.generated())
        .filter(column -> column.text() == PairHashes.text(pair, name))
        .isPresent();
  }
}
