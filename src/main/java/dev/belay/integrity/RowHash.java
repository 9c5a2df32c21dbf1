package dev.belay.integrity;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The SQL expression of a row's hash, {@link Fingerprints#FORM}: the text of its columns, in the
 * bytewise order of their names, between unit separators. Two rows have the same text only when all
 * their values have the same text, since a type whose text may hold a separator gives a hash of it
 * instead, and a null gives the record separator, which no other part is.
 *
 * <p>{@code concat} and {@code concat_ws} call a type's output function. A cast to text would not
 * do: the database may have one of its own, written in SQL.
 */
public final class RowHash {
  /** The name by which {@code from} must give the table. */
  public static final String ALIAS = "belay_row";

  /** A call takes at most 100 arguments, a column up to two of them. */
  private static final int COLUMNS_PER_CALL = 49;

  private static final String NULL = "E'\\x1e'";
  private static final String SEPARATOR = "E'\\x1f'";

  private RowHash() {}

  /** The hash of a row of these columns, whatever their order; a 64-bit number, never null. */
  public static String of(List<ColumnShape> columns) {
    return hash(parts(columns.stream().sorted(BY_NAME).map(RowHash::part).toList()));
  }

  /** The order of their bytes in UTF-8, which that of UTF-16 is not. */
  private static final Comparator<ColumnShape> BY_NAME =
      (left, right) -> {
        int[] one = left.name().codePoints().toArray();
        int[] other = right.name().codePoints().toArray();
        return java.util.Arrays.compare(one, other);
      };

  /** The hash of a text, the same whatever collation the text comes with. */
  static String hash(String text) {
    return "pg_catalog.hashtextextended(" + text + " collate pg_catalog.\"C\", 0)";
  }

  private static String parts(List<String> parts) {
    if (parts.isEmpty()) {
      return "''";
    }
    List<String> calls = new ArrayList<>();
    for (int from = 0; from < parts.size(); from += COLUMNS_PER_CALL) {
      List<String> some = parts.subList(from, Math.min(parts.size(), from + COLUMNS_PER_CALL));
      calls.add("pg_catalog.concat_ws(" + SEPARATOR + ", " + String.join(", ", some) + ")");
    }
    return calls.size() == 1 ? calls.get(0) : parts(calls);
  }

  /**
   * Two arguments of which one is null, and concat_ws leaves nulls out. {@code is null} would be
   * true for a composite value whose fields are all null, too.
   */
  private static String part(ColumnShape column) {
    String value = ALIAS + "." + new Identifier(column.name());
    String mark = "case when " + value + " is not distinct from null then " + NULL + " end, ";
    return mark
        + switch (column.text()) {
          case PLAIN -> value;
          case CHARACTERS -> hash(value);
          case OUTPUT ->
              "case when %s is distinct from null then %s end"
                  .formatted(value, hash("pg_catalog.concat(" + value + ")"));
        };
  }
}
