package dev.belay.dataset;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A table of an export.
 *
 * @param app the app that it is listed under
 * @param key its key under the app: {@code schema.table}, each quoted as in SQL where it holds a
 *     dot or a quote
 * @param columns in their order, generated ones too
 * @param primaryKey names of its columns, in their order in the key; empty: it has none
 * @param condition which rows it has, in SQL; empty: all
 */
public record ExportedTable(
    String app,
    String key,
    String schema,
    String table,
    List<ExportedColumn> columns,
    List<String> primaryKey,
    Optional<String> condition) {
  public ExportedTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
  }

  /** A table as it is listed under an app. */
  static ExportedTable of(
      String app,
      TableName name,
      List<ExportedColumn> columns,
      List<String> primaryKey,
      Optional<String> condition) {
    return new ExportedTable(
        app, key(name), name.schema(), name.table(), columns, primaryKey, condition);
  }

  /** {@code schema.table}, such that no two tables have the same. */
  public static String key(TableName name) {
    return part(name.schema()) + "." + part(name.table());
  }

  private static String part(String name) {
    return name.indexOf('.') >= 0 || name.indexOf('"') >= 0
        ? '"' + name.replace("\"", "\"\"") + '"'
        : name;
  }

  /** Its name in the database that it was exported from. */
  public TableName name() {
    return new TableName(schema, table);
  }

  /** The columns whose values are in the file, in the order in which they are there. */
  public List<ExportedColumn> written() {
    return columns.stream().filter(column -> column.form() != ValueForm.OMITTED).toList();
  }
}
