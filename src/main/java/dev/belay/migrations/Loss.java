package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.undo.Amount;
import dev.belay.undo.DataLoss;
import java.util.Optional;

/**
 * Data of the live database that a migration destroys.
 *
 * @param of {@code schema.table}, or {@code schema.table.column}, without quotes
 * @param amount rows of a table, or values of a column that are not null
 * @param data the same with the names in their parts; empty where they are not known
 */
public record Loss(Kind kind, String of, Amount amount, @JsonIgnore Optional<DataLoss> data) {
  Loss(Kind kind, String of, Amount amount) {
    this(kind, of, amount, Optional.empty());
  }

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
  public String words() {
    return kind == Kind.column
        ? amount.words("live value", "live values")
        : amount.words("live row", "live rows");
  }
}
