package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;

/** Columns as parts of statements. */
final class ColumnSql {
  private ColumnSql() {}

  /**
   * The column as {@code CREATE TABLE} and {@code ADD COLUMN} take it.
   *
   * @param ofType whether the table is of a type, which gives the column its type
   */
  static String definition(SchemaObject column, boolean ofType) {
    StringBuilder text = new StringBuilder(Sql.name(column.key().member()));
    text.append(' ').append(ofType ? "WITH OPTIONS" : Creation.typed(column));
    if (column.has("foreign options")) {
      text.append(" OPTIONS (").append(Sql.list(column.get("foreign options"))).append(')');
    }
    if (column.has("generated")) {
      text.append(' ').append(column.get("generated"));
    } else if (column.has("identity")) {
      text.append(" GENERATED ").append(column.get("identity")).append(" AS IDENTITY (");
      text.append(column.get(Property.IDENTITY_SEQUENCE)).append(' ');
      text.append(column.get("identity options")).append(')');
    } else if (column.has(Property.DEFAULT)) {
      text.append(" DEFAULT ").append(column.get(Property.DEFAULT));
    }
    if (column.has(Property.NOT_NULL)) {
      text.append(" NOT NULL");
    }
    return text.toString();
  }

  /** What is set on a new column, or on one of a view, by statements of their own. */
  static List<String> settings(SchemaObject column, boolean ofView) {
    List<String> lines = new ArrayList<>();
    String alter = alter(column);
    if (ofView && column.has(Property.DEFAULT)) {
      lines.add(
          alter.replaceFirst("TABLE", "VIEW")
              + " SET DEFAULT "
              + column.get(Property.DEFAULT)
              + ";");
    }
    if (column.has("storage")) {
      lines.add(alter + " SET STORAGE " + column.get("storage") + ";");
    }
    if (column.has("compression")) {
      lines.add(alter + " SET COMPRESSION " + column.get("compression") + ";");
    }
    if (column.has("statistics")) {
      lines.add(alter + " SET STATISTICS " + column.get("statistics") + ";");
    }
    if (column.has(Property.OPTIONS)) {
      lines.add(alter + " SET (" + Sql.list(column.get(Property.OPTIONS)) + ");");
    }
    return lines;
  }

  static String alter(SchemaObject column) {
    return "ALTER TABLE "
        + Sql.relation(column.key())
        + " ALTER COLUMN "
        + Sql.name(column.key().member());
  }
}
