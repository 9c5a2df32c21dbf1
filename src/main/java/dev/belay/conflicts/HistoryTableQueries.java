package dev.belay.conflicts;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Locks, reads as a whole, and changes the history table of an app. */
final class HistoryTableQueries {
  /** Generated columns are left out: PostgreSQL makes their values itself. */
  private static final String COLUMNS =
      """
      select a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
         and a.attnum > 0 and not a.attisdropped
         and coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = ''
       order by a.attnum
      """;

  /** The row as it was when the change was worked out, and not any other. */
  private static final String SAME_ROW =
      """
       where installed_rank = ?
         and version is not distinct from ?
         and coalesce(description, '') = ?
         and coalesce(type, '') = ?
         and coalesce(script, '') = ?
         and checksum is not distinct from ?
         and success = ?
      """;

  private HistoryTableQueries() {}

  /** Everything in the table. */
  static HistoryContent content(Database database, TableName table) {
    List<HistoryContent.Column> columns =
        database.list(
            COLUMNS,
            row -> new HistoryContent.Column(row.getString(1), row.getString(2)),
            table.schema(),
            table.table());
    String names =
        columns.stream()
            .map(column -> new Identifier(column.name()) + "::text")
            .collect(Collectors.joining(", "));
    List<List<@Nullable String>> rows =
        database.list(
            "select " + names + " from " + table + " order by installed_rank",
            row -> {
              List<@Nullable String> values = new ArrayList<>();
              for (int index = 1; index <= columns.size(); index++) {
                values.add(row.getString(index));
              }
              return values;
            });
    return new HistoryContent(columns, rows);
  }

  /**
   * Changes one row.
   *
   * @param row as it must be now
   * @return 1; anything else: the row is not what it was
   */
  static int apply(Database database, TableName table, RowChange change, AppliedMigration row) {
    List<@Nullable Object> same = new ArrayList<>();
    same.add(row.installedRank());
    same.add(row.version());
    same.add(row.description());
    same.add(row.type());
    same.add(row.script());
    same.add(row.checksum());
    same.add(row.success());
    if (change.column() == RowChange.Column.ROW) {
      return database.execute("delete from " + table + SAME_ROW, same.toArray());
    }
    same.add(
        0,
        change.column() == RowChange.Column.CHECKSUM
            ? (Object) Integer.valueOf(change.value())
            : change.value());
    return database.execute(
        "update " + table + " set " + column(change.column()) + " = ?" + SAME_ROW, same.toArray());
  }

  private static String column(RowChange.Column column) {
    return switch (column) {
      case VERSION -> "version";
      case DESCRIPTION -> "description";
      case TYPE -> "type";
      case CHECKSUM -> "checksum";
      case ROW -> throw new IllegalArgumentException("a row is no column");
    };
  }

  /** Puts that content in the place of what the table holds. */
  static void replace(Database database, TableName table, HistoryContent content) {
    database.execute("delete from " + table);
    String names =
        content.columns().stream()
            .map(column -> new Identifier(column.name()).toString())
            .collect(Collectors.joining(", "));
    String values =
        IntStream.range(0, content.columns().size())
            .mapToObj(index -> "?::text::" + content.columns().get(index).type())
            .collect(Collectors.joining(", "));
    String insert =
        "insert into %s (%s) overriding system value values (%s)".formatted(table, names, values);
    for (List<@Nullable String> row : content.rows()) {
      database.execute(insert, row.toArray());
    }
  }

  /** The number by which PostgreSQL knows this database; another one has another. */
  static long databaseNumber(Database database) {
    return database.number(
        "select d.oid::bigint from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()");
  }
}
