package dev.belay.migrations;

import dev.belay.undo.Amount;

/**
 * Data of the live database that a migration destroys.
 *
 * @param of {@code schema.table}, or {@code schema.table.column}, without quotes
 * @param amount rows of a table, or values of a column that are not null
 */
public record Loss(Kind kind, String of, Amount amount) {
  /** What is lost. */
  public enum Kind {
    /** A table with all its rows. */
    table,
    /** A column with all its values. */
    column,
    /** The rows of a table that stays. */
    rows
  }

  /** How much, for people. */
  String words() {
    return kind == Kind.column
        ? amount.words("live value", "live values")
        : amount.words("live row", "live rows");
  }
}
