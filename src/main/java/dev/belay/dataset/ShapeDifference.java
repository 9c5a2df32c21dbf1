package dev.belay.dataset;

import org.jspecify.annotations.Nullable;

/**
 * Something in which a table of an export and a live one are not alike.
 *
 * @param table its name, {@code schema.table}
 * @param column null where it is not about one column
 * @param exported what the export has; null: nothing
 * @param live what the database has; null: nothing
 */
public record ShapeDifference(
    String table,
    Kind kind,
    @Nullable String column,
    @Nullable String exported,
    @Nullable String live) {
  /** Kinds of difference. */
  public enum Kind {
    /** The database has no such table. */
    TABLE_MISSING,
    /** The table has no such column. */
    COLUMN_MISSING,
    /** The table has a column that the export does not have. */
    COLUMN_ADDED,
    /** The column is of another type. */
    TYPE,
    /** The database computes the column, or did when the export was made. */
    GENERATED,
    /** The primary key has other columns. */
    PRIMARY_KEY
  }

  /** The difference in a sentence without its full stop. */
  public String words() {
    return switch (kind) {
      case TABLE_MISSING -> "the database has no table " + table;
      case COLUMN_MISSING -> "%s has no column \"%s\" any more".formatted(table, column);
      case COLUMN_ADDED ->
          "%s has a column \"%s\" that the export does not have".formatted(table, column);
      case TYPE ->
          "%s, column \"%s\": the export has %s and the database %s"
              .formatted(table, column, exported, live);
      case GENERATED ->
          "%s, column \"%s\": it is %s in the export and %s in the database"
              .formatted(table, column, exported, live);
      case PRIMARY_KEY ->
          "%s: the primary key is %s in the export and %s in the database"
              .formatted(table, exported, live);
    };
  }
}
