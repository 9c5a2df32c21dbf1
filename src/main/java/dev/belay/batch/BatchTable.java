package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table whose key batches are cut by, as it is now.
 *
 * @param columns of the key, in its order
 * @param types of them, as SQL writes them
 * @param rows how many there are, or about so many
 * @param exact whether they were counted
 * @param vacuumed whether this role may vacuum it
 */
record BatchTable(
    TableName name,
    List<String> columns,
    List<String> types,
    long rows,
    boolean exact,
    boolean vacuumed) {

  /**
   * Looks at it.
   *
   * @throws Failure REFUSED when it is not there, or has no such key
   */
  static BatchTable read(Database session, BatchStatement statement) {
    BatchMark mark = statement.mark();
    TableName name = mark.table();
    BatchTableQueries.Facts facts =
        BatchTableQueries.facts(session, name)
            .orElseThrow(
                () ->
                    refused(
                        statement,
                        "there is no table " + name.plain(),
                        "put the name of the table as it is now into the line: psql -c '\\d'"));
    if (facts.hasHeirs()) {
      throw refused(
          statement,
          "other tables inherit from %s, and its key does not hold in them".formatted(name.plain()),
          "write one statement for each table, with only");
    }
    List<BatchTableQueries.Key> keys = BatchTableQueries.keys(session, facts.oid());
    BatchTableQueries.Key key =
        keys.stream()
            .filter(each -> each.columns().equals(mark.key()))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        statement,
                        "%s has no unique and valid index of columns that are never null on exactly (%s)"
                            .formatted(name.plain(), names(mark.key())),
                        keys.isEmpty()
                            ? "make one, or undo it at once with: belay rollback-migration"
                            : "use key=" + names(keys.get(0).columns()) + " in that line"));
    boolean exact = facts.pages() <= BatchTableQueries.PAGES_COUNTED;
    return new BatchTable(
        name,
        key.columns(),
        key.types(),
        exact ? BatchTableQueries.count(session, name) : facts.rows(),
        exact,
        facts.vacuumed());
  }

  private static String names(List<String> columns) {
    return columns.stream()
        .map(
            column ->
                column.matches("[a-z_][a-z0-9_]*") ? column : new Identifier(column).toString())
        .collect(Collectors.joining(","));
  }

  private static Failure refused(BatchStatement statement, String what, String hint) {
    return Failure.refused(statement.where() + ": " + what, hint);
  }

  /** The columns of the key, quoted, with commas. */
  private String list() {
    return columns.stream()
        .map(column -> new Identifier(column).toString())
        .collect(Collectors.joining(", "));
  }

  private String texts() {
    return columns.stream()
        .map(column -> "pg_catalog.concat(" + new Identifier(column) + ")")
        .collect(Collectors.joining(", ", "array[", "]"));
  }

  private String above(boolean below) {
    List<String> quoted =
        columns.stream().map(column -> new Identifier(column).toString()).toList();
    return below ? " where " + Keyset.compare(quoted, ">", types) : "";
  }

  /** The key of the row that is so many after a bound, and no row where there are fewer. */
  String boundSql(boolean below) {
    return "select %s from %s%s order by %s offset ? limit 1"
        .formatted(texts(), name, above(below), list());
  }

  /** The last key of all after a bound, and how many there are; never more than the limit. */
  String restSql(boolean below) {
    return """
        select key, number
          from (select %1$s as key, pg_catalog.row_number() over (order by %2$s) as number
                  from %3$s%4$s order by %2$s limit ?) as rest
         order by number desc
         limit 1
        """
        .formatted(texts(), list(), name, above(below));
  }
}
