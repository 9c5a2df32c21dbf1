package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.core.Units;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table of the live database.
 *
 * @param bytes its size with indexes and what is stored apart, of all partitions together; empty
 *     when it is not known
 * @param rows how many it has
 * @param partitions how many partitions it has that hold rows
 */
public record LiveTable(TableName name, Optional<Long> bytes, Amount rows, int partitions) {
  /** How large it is. */
  public TableSize size() {
    return TableSize.of(bytes.map(OptionalLong::of).orElseGet(OptionalLong::empty));
  }

  /** For people: name, size and rows. */
  public String words() {
    return "%s (%s, %s)"
        .formatted(
            name.plain(),
            bytes.map(Units::bytes).orElse("unknown size"),
            rows.words("row", "rows"));
  }
}
