package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes rows off a stage. */
final class DanglingQueries {
  /** In characters. */
  private static final int LONGEST = 200;

  private DanglingQueries() {}

  /** Whether the row of the target that is to be changed refers to the same already. */
  static String unchanged(MergeTable table, ForeignKey key) {
    String same =
        key.childColumns().stream()
            .map(
                column ->
                    "pg_catalog.concat(t.%s) = pg_catalog.concat(s.%s)"
                        .formatted(new Identifier(column), table.staged(column)))
            .collect(Collectors.joining(" and "));
    return "exists (select from %s as t where t.tableoid = s.place_table and t.ctid = s.place and %s)"
        .formatted(table.pair().target().from(), same);
  }

  /**
   * Whether a staged row refers to something, as no null among the columns says, that is not there
   * or not the same.
   *
   * @param there of which one is true where it will be there
   * @param stranger true where it is another row in the target
   * @param unchanged true where the target's row refers to it already
   */
  static String dangling(
      MergeTable table,
      ForeignKey key,
      List<String> there,
      Optional<String> stranger,
      Optional<String> unchanged) {
    String refers =
        key.childColumns().stream()
            .map(column -> "s." + table.staged(column) + " is distinct from null")
            .collect(Collectors.joining(" and "));
    return "%s%s and (not (%s)%s)"
        .formatted(
            refers,
            unchanged.map(same -> " and not " + same).orElse(""),
            String.join(" or ", there),
            stranger.map(other -> " or " + other).orElse(""));
  }

  /** The first of those rows, long values cut. */
  static List<RowSample> first(
      Database session, MergeTable table, Decision decision, String dangling, int most) {
    List<String> columns = table.pair().columns();
    List<String> keys = table.pair().key().isEmpty() ? columns : table.pair().key();
    String texts =
        columns.stream()
            .map(
                column ->
                    "case when s.%1$s is distinct from null then pg_catalog.left(pg_catalog.concat(s.%1$s), %2$d) end"
                        .formatted(table.staged(column), LONGEST))
            .collect(Collectors.joining(", "));
    return session.list(
        "select %s from %s as s where %s order by s.number limit %d"
            .formatted(texts, table.stage(decision), dangling, most),
        row -> {
          Map<String, @Nullable String> key = new LinkedHashMap<>();
          List<RowSample.Cell> cells = new ArrayList<>();
          for (int at = 0; at < columns.size(); at++) {
            String value = row.getString(at + 1);
            cells.add(new RowSample.Cell(columns.get(at), value, null));
            if (keys.contains(columns.get(at))) {
              key.put(columns.get(at), value);
            }
          }
          return new RowSample(
              Difference.Kind.MISSING, Decision.CONFLICT, Difference.Base.UNKNOWN, key, cells);
        });
  }

  /** Whether a row that is shown is among those that are staged. */
  static boolean isStaged(Database session, MergeTable table, Decision decision, RowSample sample) {
    if (sample.key().values().stream()
        .anyMatch(value -> value != null && value.length() >= LONGEST)) {
      return true;
    }
    String same =
        sample.key().keySet().stream()
            .map(column -> "pg_catalog.concat(s." + table.staged(column) + ") = ?")
            .collect(Collectors.joining(" and "));
    return session.test(
        "select exists (select from %s as s where %s)".formatted(table.stage(decision), same),
        sample.key().values().stream().map(value -> value == null ? "" : value).toArray());
  }

  /**
   * Removes them.
   *
   * @return how many
   */
  static long remove(Database session, MergeTable table, Decision decision, String dangling) {
    String stage = table.stage(decision);
    long rows = session.execute("delete from %s as s where %s".formatted(stage, dangling));
    if (rows > 0) {
      // Batches go through the numbers from 1 to how many there are.
      session.execute(
          """
          update %s as s
             set number = n.fresh
            from (select ctid as place_in_stage,
                         pg_catalog.row_number() over (order by number) as fresh
                    from %s) as n
           where s.ctid = n.place_in_stage
          """
              .formatted(stage, stage));
      session.execute("analyze " + stage);
    }
    return rows;
  }
}
