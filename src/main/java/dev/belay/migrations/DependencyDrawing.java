package dev.belay.migrations;

import java.util.ArrayList;
import java.util.List;

/** Draws dependencies in the language of Graphviz. */
final class DependencyDrawing {
  private DependencyDrawing() {}

  /** An arrow leads from a migration to what it needs. */
  static List<String> dot(CheckDependenciesReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("digraph migrations {");
    lines.add("  rankdir=BT;");
    lines.add("  node [shape=box];");
    lines.add("  %s [style=bold];".formatted(quoted(report.migration())));
    for (LinkedMigration each : report.dependencies()) {
      lines.add(edge(report.migration(), each.name(), each));
    }
    for (LinkedMigration each : report.dependents()) {
      lines.add(edge(each.name(), report.migration(), each));
    }
    lines.add("}");
    return lines;
  }

  private static String edge(String from, String to, LinkedMigration link) {
    String label =
        link.reasons().isEmpty()
            ? "through others"
            : String.join(
                "\\n",
                link.reasons().stream()
                    .map(reason -> escaped((reason.kind() + " " + reason.object()).strip()))
                    .toList());
    return "  %s -> %s [label=\"%s\"%s];"
        .formatted(quoted(from), quoted(to), label, link.direct() ? "" : ", style=dashed");
  }

  private static String quoted(String name) {
    return '"' + escaped(name) + '"';
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
  }
}
