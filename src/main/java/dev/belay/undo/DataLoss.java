package dev.belay.undo;

import dev.belay.core.TableName;
import java.util.Optional;

/**
 * Data of the live database that a script destroys.
 *
 * @param table as it is called in the live database
 * @param column the column that goes; empty: whole rows
 * @param amount rows of the table, or values of the column that are not null
 */
public record DataLoss(
    UndoLoss.Kind kind, TableName table, Optional<String> column, Amount amount) {
  /** What it is called, without quotes. */
  public String plain() {
    return table.plain() + column.map(name -> "." + name).orElse("");
  }
}
