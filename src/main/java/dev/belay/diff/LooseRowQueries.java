package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.integrity.ColumnShape;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows with the values that may differ a little. */
final class LooseRowQueries {
  private record Placed(RowPlace place, LooseRow row) {}

  private LooseRowQueries() {}

  static Map<RowPlace, LooseRow> read(
      Database session, Pair pair, Relation relation, List<RowPlace> places) {
    List<String> numbers = columns(pair, LooseColumn.NUMBER);
    List<String> moments = columns(pair, LooseColumn.MOMENT);
    List<ColumnShape> rest =
        pair.columns().stream()
            .filter(name -> !numbers.contains(name) && !moments.contains(name))
            .map(name -> new ColumnShape(name, PairHashes.text(pair, name)))
            .toList();
    StringBuilder sql = new StringBuilder("select ").append(RowHash.of(rest));
    numbers.forEach(name -> sql.append(", ").append(column(name)));
    moments.forEach(
        name ->
            sql.append(", pg_catalog.concat(extract(epoch from ")
                .append(column(name))
                .append("))"));
    Map<RowPlace, LooseRow> rows = new HashMap<>();
    for (PlacedRows some : PlacedRows.of(places)) {
      session
          .list(
              some.select(sql.toString(), relation),
              row -> {
                List<@Nullable Double> values = new ArrayList<>();
                int place = 1;
                for (int number = 0; number < numbers.size(); number++) {
                  double value = row.getDouble(++place);
                  values.add(row.wasNull() ? null : value);
                }
                List<@Nullable String> seconds = new ArrayList<>();
                for (int moment = 0; moment < moments.size(); moment++) {
                  String value = row.getString(++place);
                  seconds.add(value.isEmpty() ? null : value);
                }
                return new Placed(
                    some.place(row.getString(place + 1)),
                    new LooseRow(row.getLong(1), values, seconds));
              })
          .forEach(placed -> rows.put(placed.place(), placed.row()));
    }
    return rows;
  }

  private static String column(String name) {
    return RowHash.ALIAS + "." + new Identifier(name);
  }

  private static List<String> columns(Pair pair, LooseColumn kind) {
    return pair.columns().stream()
        .filter(name -> LooseColumn.of(pair, name).filter(kind::equals).isPresent())
        .toList();
  }
}
