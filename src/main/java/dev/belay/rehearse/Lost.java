package dev.belay.rehearse;

import dev.belay.core.Units;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a table is not as before after the way there and back.
 *
 * @param gone rows that are not there any more
 * @param changed rows with other values
 * @param added rows that were not there
 * @param exact whether row was compared with row; else the numbers are the most that it can be
 */
public record Lost(String table, long gone, long changed, long added, boolean exact) {
  /** Rows and values that somebody may miss. */
  public long rows() {
    return gone + changed;
  }

  /** For a person. */
  String words() {
    List<String> parts = new ArrayList<>();
    if (gone > 0) {
      parts.add(Units.count(gone, "row is", "rows are") + " gone");
    }
    if (changed > 0) {
      parts.add(Units.count(changed, "row has", "rows have") + " other values");
    }
    if (added > 0) {
      parts.add(Units.count(added, "row is", "rows are") + " new");
    }
    return "%s: %s%s".formatted(table, exact ? "" : "at most ", String.join(", ", parts));
  }
}
