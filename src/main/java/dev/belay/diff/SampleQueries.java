package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads the values of single rows as text. */
final class SampleQueries {
  /** A line of a report; nobody reads more of one value. */
  private static final int LONGEST = 200;

  private SampleQueries() {}

  /**
   * The columns of the pair of one row.
   *
   * @throws Failure FAILED when it is not there
   */
  static RowTexts texts(Database session, Relation relation, Pair pair, RowPlace place) {
    return texts(session, relation.from(), pair.columns(), place, relation.name());
  }

  static RowTexts texts(
      Database session, String from, List<String> columns, RowPlace place, TableName name) {
    return session
        .first(
            sql(from, columns),
            row ->
                new RowTexts(
                    list((String[]) row.getArray(1).getArray()),
                    list((String[]) row.getArray(2).getArray())),
            place.table(),
            place.ctid())
        .orElseThrow(
            () ->
                Failure.failed(
                    "a row of %s is gone that was there before (%s)"
                        .formatted(name.plain(), session.target()),
                    "run it again"));
  }

  /** Nulls stay nulls. */
  private static List<@org.jspecify.annotations.Nullable String> list(String[] values) {
    return Collections.unmodifiableList(Arrays.asList(values));
  }

  /** {@code concat} calls a type's output function, where a cast may be the database's own. */
  private static String sql(String from, List<String> columns) {
    StringBuilder texts = new StringBuilder();
    StringBuilder hashes = new StringBuilder();
    for (String column : columns) {
      String value = "r." + new Identifier(column);
      String text = "pg_catalog.concat(" + value + ")";
      String separator = texts.isEmpty() ? "" : ", ";
      texts
          .append(separator)
          .append("case when ")
          .append(value)
          .append(" is distinct from null then pg_catalog.left(")
          .append(text)
          .append(", " + LONGEST + ") || case when pg_catalog.length(")
          .append(text)
          .append(") > " + LONGEST + " then '…' else '' end end");
      hashes
          .append(separator)
          .append("case when ")
          .append(value)
          .append(" is distinct from null then pg_catalog.hashtextextended(")
          .append(text)
          .append(" collate pg_catalog.\"C\", 0)::text end");
    }
    return "select array["
        + texts
        + "]::text[], array["
        + hashes
        + "]::text[] from "
        + from
        + " as r where r.tableoid = ?::int8::oid and r.ctid = ?::tid";
  }
}
