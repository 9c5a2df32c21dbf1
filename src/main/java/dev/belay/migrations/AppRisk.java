package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The pending migrations of one app.
 *
 * @param level the greatest of theirs
 * @param pending in the order in which the next migrate applies them
 * @param notes what could not be seen
 */
public record AppRisk(
    String app, RiskLevel level, List<PendingRisk> pending, @ToPaste List<String> notes) {
  public AppRisk {
    pending = List.copyOf(pending);
    notes = List.copyOf(notes);
  }

  /** The same, with notes before its own. */
  AppRisk with(List<String> first) {
    List<String> all = new ArrayList<>(first);
    all.addAll(notes);
    return new AppRisk(app, level, pending, all);
  }

  /** The app for a person. */
  @JsonIgnore
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (pending.isEmpty()) {
      lines.add(TextTable.visible(app + ": no migration is pending"));
    } else {
      lines.add(
          TextTable.visible(
              "%s: %d pending, the greatest risk is %s".formatted(app, pending.size(), level)));
      TextTable table = new TextTable("  RISK", "MIGRATION", "UNDO", "WORST");
      pending.stream()
          .sorted(Comparator.comparing(PendingRisk::level).reversed())
          .forEach(
              each ->
                  table.row(
                      "  " + each.shownLevel(),
                      each.migration(),
                      each.undo().verdict().name(),
                      each.worst()));
      lines.addAll(table.lines());
      for (PendingRisk each : pending) {
        lines.add("");
        lines.addAll(each.lines());
      }
    }
    if (!notes.isEmpty()) {
      lines.add("");
    }
    notes.forEach(note -> lines.add(TextTable.visible("note: " + note)));
    return lines;
  }
}
