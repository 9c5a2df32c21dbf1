package dev.belay.undo;

import dev.belay.core.TableName;
import java.util.Optional;

/**
 * Data of the live database that an undo destroys.
 *
 * @param table its table, as it is called now
 * @param column the column that goes; empty: whole rows
 * @param rows rows that are lost, or rows with a value in the column
 * @param exact whether they were counted; else the number is the server's estimate
 */
public record UndoLoss(
    Kind kind, TableName table, Optional<String> column, long rows, boolean exact) {
  /** What becomes of the data. */
  public enum Kind {
    /** The table goes with all its rows. */
    TABLE,
    /** The column goes with all its values. */
    COLUMN,
    /** The table is emptied. */
    EMPTIED,
    /** Rows are removed by statements; how many is known only when the undo has run. */
    REMOVED
  }
}
