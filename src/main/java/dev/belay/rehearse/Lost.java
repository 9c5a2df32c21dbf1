package dev.belay.rehearse;

import dev.belay.core.Units;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a table, or of the large objects, is not as before after the way there and back.
 *
 * @param gone rows that are not there any more
 * @param changed rows with other values
 * @param added rows that were not there
 * @param exact whether row was compared with row; else the numbers are the most that it can be
 */
public record Lost(String table, long gone, long changed, long added, boolean exact) {
  /** Stands for a table where it is about these. */
  static final String LARGE_OBJECTS = "large objects";

  /** Rows and values that somebody may miss. */
  public long rows() {
    return gone + changed;
  }

  /** The same, of which others may have lost a part. */
  Lost atMost() {
    return new Lost(table, gone, changed, added, false);
  }

  /** For a person. */
  String words() {
    boolean rows = !table.equals(LARGE_OBJECTS);
    String one = rows ? "row" : "object";
    List<String> parts = new ArrayList<>();
    if (gone > 0) {
      parts.add(Units.count(gone, one + " is", one + "s are") + " gone");
    }
    if (changed > 0) {
      parts.add(
          Units.count(changed, one + " has", one + "s have")
              + (rows ? " other values" : " other content"));
    }
    if (added > 0) {
      parts.add(Units.count(added, one + " is", one + "s are") + " new");
    }
    return "%s: %s%s".formatted(table, exact ? "" : "at most ", String.join(", ", parts));
  }
}
