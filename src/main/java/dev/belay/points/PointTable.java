package dev.belay.points;

import dev.belay.core.TableName;
import java.util.Optional;

/**
 * A table of a rollback point.
 *
 * @param rows that it had
 * @param fingerprint the sum over the hashes of its rows; empty: none could be taken, since not all
 *     of its parts may be read
 */
public record PointTable(String schema, String table, long rows, Optional<String> fingerprint) {
  /** Its name. */
  public TableName name() {
    return new TableName(schema, table);
  }
}
