package dev.belay.reconcile;

import dev.belay.core.Identifier;
import dev.belay.diff.Pair;
import dev.belay.diff.Relation;
import dev.belay.diff.RelationColumn;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/** Counts what a merge cannot bring along. Reads only. */
final class LostColumnQueries {
  /** A row of a query has at most 1664 columns. */
  private static final int AT_ONCE = 1000;

  private LostColumnQueries() {}

  /** The columns that only the source has, and that hold values. */
  static List<LostColumn> of(Database source, Pair pair) {
    List<RelationColumn> only =
        pair.source().columns().stream()
            .filter(column -> !column.generated())
            .filter(column -> pair.target().column(column.name()).isEmpty())
            .toList();
    List<LostColumn> lost = new ArrayList<>();
    for (int from = 0; from < only.size(); from += AT_ONCE) {
      List<RelationColumn> some = only.subList(from, Math.min(only.size(), from + AT_ONCE));
      List<Long> values = source.lockingBriefly(() -> counts(source, pair.source(), some));
      for (int index = 0; index < some.size(); index++) {
        if (values.get(index) > 0) {
          RelationColumn column = some.get(index);
          lost.add(new LostColumn(column.name(), column.type(), values.get(index)));
        }
      }
    }
    return lost;
  }

  private static List<Long> counts(Database source, Relation relation, List<RelationColumn> some) {
    List<String> counts =
        some.stream()
            .map(
                column ->
                    "pg_catalog.count(*) filter (where belay_row.%s is distinct from null)"
                        .formatted(new Identifier(column.name())))
            .toList();
    return source.one(
        "select " + String.join(", ", counts) + " from " + relation.from() + " belay_row",
        row -> {
          List<Long> read = new ArrayList<>();
          for (int index = 1; index <= some.size(); index++) {
            read.add(row.getLong(index));
          }
          return read;
        });
  }

  /** The rows of a table. */
  static long rows(Database source, Relation relation) {
    return source.lockingBriefly(
        () -> source.number("select pg_catalog.count(*) from " + relation.from()));
  }
}
