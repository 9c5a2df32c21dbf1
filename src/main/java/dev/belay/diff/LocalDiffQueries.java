package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The full join of a staged table and a table. */
final class LocalDiffQueries {
  private static final String CURSOR = "belay_differences";
  private static final Pattern PLACE = Pattern.compile("\\((\\d+),(\\d+)\\)");

  private LocalDiffQueries() {}

  static long count(Database session, String from) {
    return session.number("select pg_catalog.count(*) from " + from);
  }

  /** All of it is fetched, so the plan whose first row comes early is not what is wanted. */
  static void open(Database session, Pair pair, TableName staged) {
    session.execute("analyze " + staged);
    session.execute("set local cursor_tuple_fraction = 1");
    session.execute(
        "declare "
            + CURSOR
            + " no scroll cursor for "
            + (pair.key().isEmpty() ? multiset(pair, staged) : keyed(pair, staged)));
  }

  private static String keyed(Pair pair, TableName staged) {
    StringBuilder on = new StringBuilder();
    for (int number = 1; number <= pair.key().size(); number++) {
      on.append(number == 1 ? "" : " and ").append("s.k" + number + " = t.k" + number);
    }
    return """
        select s.relation::int8, s.place::text, t.relation::int8, t.place::text
          from (%s) s
          full join (%s) t on %s
         where s.hash is distinct from t.hash
        """
        .formatted(
            rows(pair, pair.source(), staged.toString(), keys(pair)),
            rows(pair, pair.target(), pair.target().from(), keys(pair)),
            on);
  }

  /** By the texts themselves, since two keys may have one hash. */
  private static String keys(Pair pair) {
    StringBuilder keys = new StringBuilder();
    int number = 0;
    for (String column : pair.key()) {
      keys.append(", pg_catalog.concat(")
          .append(RowHash.ALIAS)
          .append('.')
          .append(new Identifier(column))
          .append(") collate pg_catalog.\"C\" as k")
          .append(++number);
    }
    return keys.toString();
  }

  private static String rows(Pair pair, Relation relation, String from, String more) {
    return "select %s.tableoid as relation, %s.ctid as place, %s as hash%s from %s as %s"
        .formatted(
            RowHash.ALIAS,
            RowHash.ALIAS,
            RowHash.of(MergeTable.shapes(pair, relation)),
            more,
            from,
            RowHash.ALIAS);
  }

  /** As many of a row on one side as on the other are equal. */
  private static String multiset(Pair pair, TableName staged) {
    String numbered =
        "select r.*, pg_catalog.row_number() over (partition by r.hash) as copy from (%s) r";
    return """
        select s.relation::int8, s.place::text, t.relation::int8, t.place::text
          from (%s) s
          full join (%s) t on s.hash = t.hash and s.copy = t.copy
         where s.hash is null or t.hash is null
        """
        .formatted(
            numbered.formatted(rows(pair, pair.source(), staged.toString(), "")),
            numbered.formatted(rows(pair, pair.target(), pair.target().from(), "")));
  }

  static List<Difference> fetch(Database session, int rows) {
    return new ArrayList<>(
        session.list("fetch " + rows + " from " + CURSOR, LocalDiffQueries::difference));
  }

  static void close(Database session) {
    session.execute("close " + CURSOR);
  }

  private static Difference difference(ResultSet row) throws SQLException {
    RowPlace source = place(row.getLong(1), row.getString(2));
    RowPlace target = place(row.getLong(3), row.getString(4));
    Difference.Kind kind =
        source == null
            ? Difference.Kind.EXTRA
            : target == null ? Difference.Kind.MISSING : Difference.Kind.CHANGED;
    return new Difference(kind, source, target, Difference.Base.UNKNOWN);
  }

  private static @Nullable RowPlace place(long relation, @Nullable String ctid) {
    return ctid == null ? null : at(relation, ctid);
  }

  /** The place that a text such as {@code (0,1)} says. */
  static RowPlace at(long relation, String ctid) {
    Matcher matcher = PLACE.matcher(ctid);
    if (!matcher.matches()) {
      throw new IllegalStateException("not a ctid: " + ctid);
    }
    return new RowPlace(
        relation, Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}
