package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A source, a target and a common ancestor, and what a comparison says of a table in them. */
final class TwoDatabases implements AutoCloseable {
  static final Databases DATABASES = new JdbcDatabases("belay-test");

  /** Ranges of the key even for a handful of rows. */
  static final DiffOptions FINE = new DiffOptions(2, 7, 0, Optional.empty());

  static final DiffOptions WHOLE = new DiffOptions(1, 7, Long.MAX_VALUE, Optional.empty());

  final Target source = TestServer.fresh("source");
  Target target = TestServer.fresh("target");
  final Target base = TestServer.fresh("base");

  /** Runs statements in one of them. */
  static void run(Target database, String... statements) {
    try (Database session = DATABASES.open(database)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  /** Runs statements in all of them. */
  void everywhere(String... statements) {
    List.of(source, target, base).forEach(database -> run(database, statements));
  }

  /** The differences in words, such as {@code CHANGED 5 LIKE_TARGET}, sorted. */
  List<String> differences(TableName table, String label, boolean withBase, DiffOptions options) {
    List<String> words = new ArrayList<>();
    TableDiff[] counted = new TableDiff[1];
    try (Snapshot left = Snapshot.take(DATABASES, source);
        Snapshot right = Snapshot.take(DATABASES, target);
        Snapshot third = Snapshot.take(DATABASES, base)) {
      Pair pair =
          Pair.of(
              Relations.find(left.database(), table).orElseThrow(),
              Relations.find(right.database(), table).orElseThrow());
      Optional<Side> ancestor = withBase ? Optional.of(Side.of(third)) : Optional.empty();
      try (Diff diff = Diff.open(Side.of(left), Side.of(right), ancestor, options);
          Progress.Bar bar = Quiet.progress().bar("rows", 0, "bytes")) {
        counted[0] =
            diff.table(
                pair,
                Relations.find(third.database(), table),
                some -> {
                  for (Difference each : some) {
                    Database where = each.source() == null ? right.database() : left.database();
                    Relation relation = each.source() == null ? pair.target() : pair.source();
                    words.add(
                        each.kind()
                            + " "
                            + label(
                                where,
                                relation,
                                label,
                                each.source() == null ? each.target() : each.source())
                            + (withBase ? " " + each.base() : ""));
                  }
                },
                bar);
      }
    }
    long said = counted[0].missing() + counted[0].extra() + counted[0].changed();
    if (said != words.size()) {
      throw new AssertionError(counted[0] + " but " + words);
    }
    words.sort(null);
    return words;
  }

  private static String label(
      Database session, Relation relation, String label, @Nullable RowPlace place) {
    if (place == null) {
      throw new AssertionError("a difference without a place");
    }
    String sql =
        PlacedRows.of(List.of(place))
            .get(0)
            .select("select pg_catalog.concat(" + label + ")", relation);
    return session.text(sql);
  }

  /** The rows of a table: label to the text of all given columns; a label may be there twice. */
  static Map<String, List<String>> rows(
      Target database, TableName table, String label, List<String> columns) {
    Map<String, List<String>> rows = new TreeMap<>();
    StringBuilder values = new StringBuilder("pg_catalog.concat_ws('|'");
    columns.forEach(
        column ->
            values
                .append(", coalesce(")
                .append(RowHash.ALIAS)
                .append('.')
                .append(new Identifier(column))
                .append("::text, '<null>')"));
    try (Database session = DATABASES.open(database)) {
      session
          .list(
              "select pg_catalog.concat(%s), %s) from %s as %s"
                  .formatted(label, values, table, RowHash.ALIAS),
              row -> List.of(row.getString(1), row.getString(2)))
          .forEach(
              row -> rows.computeIfAbsent(row.get(0), key -> new ArrayList<>()).add(row.get(1)));
    }
    rows.values().forEach(values2 -> values2.sort(null));
    return rows;
  }

  @Override
  public void close() {
    List.of(source, target, base).forEach(TestServer::drop);
  }
}
