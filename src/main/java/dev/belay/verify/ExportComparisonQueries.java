package dev.belay.verify;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.diff.Difference;
import dev.belay.diff.Pair;
import dev.belay.diff.RowPlace;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads single rows that differ, as people see them. */
final class ExportComparisonQueries {
  private static final int LONGEST_ROW = 300;
  private static final int LONGEST_VALUE = 60;

  private ExportComparisonQueries() {}

  /** {@code changed {"id":5}: total 17 -> 18}. */
  static String words(Database session, Pair pair, TableName staged, Difference difference) {
    RowPlace source = difference.source();
    RowPlace target = difference.target();
    String export = source == null ? "" : row(staged.toString(), source);
    String live = target == null ? "" : row(pair.target().from(), target);
    String kind = difference.kind().name().toLowerCase(java.util.Locale.ROOT);
    String head = kind + " " + key(session, pair, target == null ? export : live);
    return difference.kind() == Difference.Kind.CHANGED
        ? head + ": " + values(session, pair, export, live)
        : head;
  }

  /** Its number tells the partition; the rest is the server's own text. */
  private static String row(String from, RowPlace place) {
    return "%s as belay_row where belay_row.tableoid = %d and belay_row.ctid = '%s'"
        .formatted(from, place.table(), place.ctid());
  }

  private static String key(Database session, Pair pair, String row) {
    List<String> columns = pair.key().isEmpty() ? pair.columns() : pair.key();
    if (columns.isEmpty()) {
      return "";
    }
    String list =
        columns.stream()
            .map(name -> "belay_row." + new Identifier(name))
            .collect(Collectors.joining(", "));
    return session
        .first(
            "select pg_catalog.left((select pg_catalog.to_json(k)::text from (select %s) as k), %d) from %s"
                .formatted(list, LONGEST_ROW, row),
            found -> found.getString(1))
        .orElse("");
  }

  private static @Nullable String values(Database session, Pair pair, String export, String live) {
    String values =
        pair.columns().stream()
            .map(
                name ->
                    "(%s, (select %s from %s), (select %s from %s))"
                        .formatted(Identifier.literal(name), text(name), export, text(name), live))
            .collect(Collectors.joining(", "));
    return session.one(
        """
        select pg_catalog.string_agg(
                 pg_catalog.format('%%s %%s -> %%s', name, coalesce(pg_catalog.left(old, %1$d), 'null'),
                                   coalesce(pg_catalog.left(new, %1$d), 'null')), ', ')
          from (values %2$s) as v (name, old, new)
         where old is distinct from new
        """
            .formatted(LONGEST_VALUE, values),
        found -> found.getString(1));
  }

  private static String text(String column) {
    String value = "belay_row." + new Identifier(column);
    return "case when %s is distinct from null then pg_catalog.concat(%s) end"
        .formatted(value, value);
  }
}
