package dev.belay.reconcile;

import dev.belay.core.Units;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/** What a pass found and did, as text. */
final class PassLines {
  private static final int TABLES = 40;

  private PassLines() {}

  static List<String> of(Pass pass) {
    List<String> lines = new ArrayList<>();
    List<TableAnswer> differing =
        pass.tables().stream().filter(table -> table.differing() > 0).toList();
    lines.add(
        "from %s: %s compared, %s"
            .formatted(
                pass.words(),
                Units.count(pass.tables().size(), "table", "tables"),
                differing.isEmpty()
                    ? "all equal"
                    : Units.count(differing.size(), "differs", "differ")));
    if (!differing.isEmpty()) {
      TextTable table = new TextTable("table", "add", "change", "remove", "conflict", "left alone");
      differing.stream().limit(TABLES).forEach(each -> row(table, each));
      table.lines().forEach(line -> lines.add("  " + line));
    }
    if (differing.size() > TABLES) {
      lines.add("  and %s".formatted(Units.count(differing.size() - TABLES, "more", "more")));
    }
    Pass.Done done = pass.done();
    if (done != null) {
      lines.add(
          "%s added, %s changed, %s removed%s"
              .formatted(
                  Units.count(done.added(), "row", "rows"),
                  Units.count(done.changed()),
                  Units.count(done.removed()),
                  done.skipped() == 0
                      ? ""
                      : ", %s skipped, since somebody changed them meanwhile"
                          .formatted(Units.count(done.skipped()))));
      lines.addAll(done.sequences());
    }
    lines.addAll(pass.notes());
    return lines;
  }

  private static void row(TextTable into, TableAnswer table) {
    into.row(
        table.table().plain(),
        Units.count(table.add()),
        Units.count(table.change()),
        Units.count(table.remove()),
        Units.count(table.conflicts()),
        Units.count(table.left()));
  }
}
