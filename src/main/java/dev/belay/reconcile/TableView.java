package dev.belay.reconcile;

import dev.belay.core.Units;
import dev.belay.diff.Decision;
import dev.belay.diff.RowSample;
import dev.belay.report.Html;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The tables of one source on a report's page: those that differ, and the names of the others. */
final class TableView {
  private final Html html;
  private final Pass pass;
  private final boolean dryRun;

  TableView(Html html, Pass pass, boolean dryRun) {
    this.html = html;
    this.pass = pass;
    this.dryRun = dryRun;
  }

  void show() {
    List<TableAnswer> loud = pass.tables().stream().filter(table -> !table.quiet()).toList();
    List<TableAnswer> quiet = pass.tables().stream().filter(TableAnswer::quiet).toList();
    loud.forEach(this::table);
    if (!quiet.isEmpty()) {
      html.raw("<details class=\"equal\"><summary>")
          .text(
              loud.isEmpty()
                  ? Units.count(quiet.size(), "table, all equal", "tables, all equal")
                  : Units.count(quiet.size(), "table is equal", "tables are equal"))
          .raw("</summary><ul class=\"names\">");
      quiet.forEach(table -> html.raw("<li><bdi>").text(table.table().plain()).raw("</bdi></li>"));
      html.raw("</ul></details>");
    }
  }

  private void table(TableAnswer table) {
    html.raw("<article class=\"table\"><h3><bdi>").text(table.table().schema()).raw(".</bdi>");
    html.raw("<bdi class=\"strong\">").text(table.table().table()).raw("</bdi></h3>");
    Bar bar = Bar.of(table, dryRun);
    bar.draw(html);
    bar.legend(html);
    html.element("p", "found", found(table));
    Written written = table.written();
    if (written != null) {
      html.element(
          "p",
          "found",
          "Written to %s after the backup: %s added, %s changed, %s removed."
              .formatted(
                  pass.origin().words(),
                  Units.count(written.added(), "row", "rows"),
                  Units.count(written.changed()),
                  Units.count(written.removed())));
    }
    if (!table.lostColumns().isEmpty()) {
      html.raw("<ul class=\"notes warn\">");
      table
          .lostColumns()
          .forEach(
              lost ->
                  html.raw("<li>Only ")
                      .text(pass.origin().words())
                      .raw(" has the column <bdi class=\"col\">")
                      .text(lost.column())
                      .raw("</bdi> (")
                      .text(lost.type())
                      .raw("): ")
                      .text(Units.count(lost.values(), "value stays", "values stay"))
                      .raw(" there.</li>"));
      html.raw("</ul>");
    }
    if (!table.notes().isEmpty()) {
      html.raw("<ul class=\"notes\">");
      table.notes().forEach(note -> html.element("li", "", note));
      html.raw("</ul>");
    }
    rows(table);
    html.raw("</article>");
  }

  private static String found(TableAnswer table) {
    StringBuilder words = new StringBuilder();
    words.append(Units.count(table.missing())).append(" missing in the target, ");
    words.append(Units.count(table.changed())).append(" with other values, ");
    words.append(Units.count(table.extra())).append(" only in the target");
    if (table.sourceRows() >= 0 && table.targetRows() >= 0) {
      words.append(
          "; of %s and %s"
              .formatted(
                  Units.count(table.sourceRows(), "row", "rows"), Units.count(table.targetRows())));
    }
    words.append(table.keyed() ? "." : ". It has no key, so whole rows were counted.");
    return words.toString();
  }

  private void rows(TableAnswer table) {
    Map<Decision, List<RowSample>> by = new EnumMap<>(Decision.class);
    for (Decision decision : Decision.values()) {
      List<RowSample> some =
          table.rows().stream().filter(row -> row.decision() == decision).toList();
      if (!some.isEmpty()) {
        by.put(decision, some);
      }
    }
    // Conflicts are what somebody has to look at.
    show(table, Decision.CONFLICT, by);
    by.keySet().stream()
        .filter(decision -> decision != Decision.CONFLICT)
        .forEach(decision -> show(table, decision, by));
  }

  private void show(TableAnswer table, Decision decision, Map<Decision, List<RowSample>> by) {
    List<RowSample> rows = by.getOrDefault(decision, List.of());
    if (rows.isEmpty()) {
      return;
    }
    long all =
        switch (decision) {
          case ADD -> table.add();
          case CHANGE -> table.change();
          case REMOVE -> table.remove();
          case CONFLICT -> table.conflicts();
          case LEAVE -> table.left();
        };
    html.raw("<details class=\"rows\"><summary>")
        .text(title(decision))
        .raw(" <span class=\"of\">")
        .text(
            all > rows.size()
                ? "the first %s of %s".formatted(Units.count(rows.size()), Units.count(all))
                : Units.count(rows.size(), "row", "rows"))
        .raw("</span></summary><ol class=\"samples\">");
    RowView view = new RowView(html, pass.origin().words());
    rows.forEach(view::show);
    html.raw("</ol></details>");
  }

  private String title(Decision decision) {
    return switch (decision) {
      case ADD -> dryRun ? "Rows to be added" : "Rows that were added";
      case CHANGE -> dryRun ? "Rows to be changed" : "Rows that were changed";
      case REMOVE -> dryRun ? "Rows to be removed" : "Rows that were removed";
      case CONFLICT -> "Rows in conflict";
      case LEAVE -> "Rows left alone";
    };
  }
}
