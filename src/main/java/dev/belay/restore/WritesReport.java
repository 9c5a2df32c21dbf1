package dev.belay.restore;

import dev.belay.core.Units;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/**
 * What was written to the live database since the backup, and what became of it.
 *
 * @param tables those that differ, sorted by name
 * @param carried rows that were carried over
 * @param leftBehind what was left in the replaced database, in words
 * @param unknown what could not be looked at, in words
 */
public record WritesReport(
    List<Table> tables, long carried, List<String> leftBehind, List<String> unknown) {
  /** What no look at the rows finds, and therefore is always said. */
  static final String NEVER_SEEN =
      "only the replaced database has what was changed or removed in the last moments before the"
          + " swap, tables that were made meanwhile, and large objects";

  public WritesReport {
    tables = List.copyOf(tables);
    leftBehind = List.copyOf(leftBehind);
    unknown = List.copyOf(unknown);
  }

  /**
   * One table.
   *
   * @param added rows that only the live database had
   * @param changed rows that had other values there
   * @param removed rows that only the backup has, and that therefore come back
   * @param samples the keys of the first of each, in words
   */
  public record Table(String name, long added, long changed, long removed, List<String> samples) {
    public Table {
      samples = List.copyOf(samples);
    }

    String line() {
      return "%s: %s added, %s changed, %s removed since the backup"
          .formatted(name, Units.count(added), Units.count(changed), Units.count(removed));
    }
  }

  /** For a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (tables.isEmpty() && unknown.isEmpty() && carried == 0 && leftBehind.isEmpty()) {
      lines.add("nothing was found that was written since the backup");
    }
    tables.forEach(table -> lines.add(TextTable.visible(table.line())));
    if (carried > 0) {
      lines.add(Units.count(carried, "row was", "rows were") + " carried over");
    }
    leftBehind.forEach(line -> lines.add(TextTable.visible("left behind: " + line)));
    unknown.forEach(line -> lines.add(TextTable.visible("not known: " + line)));
    lines.add(NEVER_SEEN);
    return lines;
  }
}
