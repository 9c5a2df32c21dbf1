package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Fingerprints of ranges of a key, and of a whole relation. */
final class ChunkQueries {
  /** What the rows of a chunk come to. */
  record Sum(long rows, BigDecimal hashes) {
    boolean sameAs(Sum other) {
      return rows == other.rows && hashes.compareTo(other.hashes) == 0;
    }
  }

  private record Numbered(int chunk, Sum sum) {}

  private ChunkQueries() {}

  /**
   * Bounds of about so many rows each, from a random sample.
   *
   * @param percent of the rows, from 0 to 100
   */
  static Bounds sample(Database session, Relation relation, RangeKey key, double percent) {
    String texts =
        key.columns().stream()
            .map(
                column -> "pg_catalog.concat(" + RowHash.ALIAS + "." + new Identifier(column) + ")")
            .collect(Collectors.joining(", "));
    String order =
        key.columns().stream()
            .map(column -> RowHash.ALIAS + "." + new Identifier(column))
            .collect(Collectors.joining(", "));
    String sql =
        "select "
            + texts
            + " from "
            + relation.from()
            + " as "
            + RowHash.ALIAS
            + String.format(
                Locale.ROOT, " tablesample bernoulli (%.6f) repeatable (7) order by ", percent)
            + order;
    List<List<String>> values =
        session.list(
            sql,
            row -> {
              List<String> value = new ArrayList<>();
              for (int column = 1; column <= key.columns().size(); column++) {
                value.add(row.getString(column));
              }
              return value;
            });
    // The first columns of a key may have the same values in several rows.
    return new Bounds(values.stream().distinct().toList());
  }

  /** The fingerprint of all rows. */
  static Sum whole(Database session, Relation relation, String hash) {
    return session.one(sums(relation, hash), row -> new Sum(row.getLong(1), row.getBigDecimal(2)));
  }

  /**
   * The fingerprints of some neighbouring chunks.
   *
   * @param from the first
   * @param to the last, included
   */
  static List<Sum> chunks(
      Database session,
      Relation relation,
      RangeKey key,
      String hash,
      Bounds bounds,
      int from,
      int to) {
    List<Sum> sums = new ArrayList<>();
    int last = bounds.chunks() - 1;
    if (from == 0) {
      sums.add(edge(session, relation, key, hash, bounds.values().get(0), "<="));
    }
    int first = Math.max(1, from);
    int end = Math.min(last - 1, to);
    if (first <= end) {
      List<Bounds.Range> each =
          IntStream.rangeClosed(first, end)
              .mapToObj(chunk -> new Bounds.Range(chunk, chunk))
              .toList();
      String sql =
          "select b.place, x.rows, x.hashes from "
              + ranges(key)
              + " cross join lateral ("
              + sums(relation, hash)
              + within(key)
              + ") as x (rows, hashes) order by b.place";
      session
          .list(
              sql,
              row -> new Numbered(row.getInt(1), new Sum(row.getLong(2), row.getBigDecimal(3))),
              parameters(key, bounds, each))
          .forEach(numbered -> sums.add(numbered.sum()));
    }
    if (to == last) {
      sums.add(edge(session, relation, key, hash, bounds.values().get(last - 1), ">"));
    }
    return sums;
  }

  private static Sum edge(
      Database session,
      Relation relation,
      RangeKey key,
      String hash,
      List<String> bound,
      String comparison) {
    return session.one(
        sums(relation, hash) + " where " + key.row() + " " + comparison + " " + value(key, bound),
        row -> new Sum(row.getLong(1), row.getBigDecimal(2)));
  }

  private static String sums(Relation relation, String hash) {
    return "select pg_catalog.count(*), coalesce(pg_catalog.sum(%s), 0) from %s as %s"
        .formatted(hash, relation.from(), RowHash.ALIAS);
  }

  /** One bound as SQL; literals, since COPY takes no parameters. */
  static String value(RangeKey key, List<String> bound) {
    return IntStream.range(0, bound.size())
        .mapToObj(place -> Identifier.literal(bound.get(place)) + "::" + key.types().get(place))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The condition that a row lies in the range that {@code b} gives. */
  static String within(RangeKey key) {
    return " where %s > %s and %s <= %s"
        .formatted(key.row(), key.row("b", "l"), key.row(), key.row("b", "h"));
  }

  /** What {@code from} takes to give each range as {@code b}, with two parameters a column. */
  private static String ranges(RangeKey key) {
    String arrays =
        key.types().stream()
            .map(type -> "?::" + type + "[], ?::" + type + "[]")
            .collect(Collectors.joining(", "));
    return "unnest(" + arrays + ") with ordinality as b (" + names(key) + ", place)";
  }

  /** The same with literals. */
  static String ranges(RangeKey key, Bounds bounds, List<Bounds.Range> ranges) {
    Object[] arrays = parameters(key, bounds, ranges);
    String literals =
        IntStream.range(0, arrays.length)
            .mapToObj(
                place ->
                    Identifier.literal((String) arrays[place])
                        + "::"
                        + key.types().get(place / 2)
                        + "[]")
            .collect(Collectors.joining(", "));
    return "unnest(" + literals + ") as b (" + names(key) + ")";
  }

  private static String names(RangeKey key) {
    return IntStream.rangeClosed(1, key.columns().size())
        .mapToObj(place -> "l" + place + ", h" + place)
        .collect(Collectors.joining(", "));
  }

  private static Object[] parameters(RangeKey key, Bounds bounds, List<Bounds.Range> ranges) {
    Object[] parameters = new Object[2 * key.columns().size()];
    for (int column = 0; column < key.columns().size(); column++) {
      int place = column;
      parameters[2 * column] =
          array(ranges.stream().map(range -> bounds.below(range).get(place)).toList());
      parameters[2 * column + 1] =
          array(ranges.stream().map(range -> bounds.upTo(range).get(place)).toList());
    }
    return parameters;
  }

  /** An array literal. */
  static String array(List<String> values) {
    return values.stream()
        .map(value -> '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }
}
