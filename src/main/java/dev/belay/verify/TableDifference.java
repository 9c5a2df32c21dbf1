package dev.belay.verify;

import dev.belay.core.Units;
import java.util.ArrayList;
import java.util.List;

/**
 * How a table differs from what an export has of it.
 *
 * @param exportRows rows of the export
 * @param rows rows that are there now
 * @param missing rows that only the export has
 * @param extra rows that the export does not have
 * @param changed rows that both have, with other values
 * @param shown the first of them, in words
 */
record TableDifference(
    String table,
    long exportRows,
    long rows,
    long missing,
    long extra,
    long changed,
    List<String> shown) {

  long count() {
    return missing + extra + changed;
  }

  /** The table for a person, with its first rows. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "table %s: %s missing, %s extra, %s changed"
            .formatted(table, Units.count(missing), Units.count(extra), Units.count(changed)));
    shown.forEach(row -> lines.add("  " + row));
    return lines;
  }
}
