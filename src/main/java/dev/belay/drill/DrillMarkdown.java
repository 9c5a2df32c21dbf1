package dev.belay.drill;

import java.util.ArrayList;
import java.util.List;

/** A drill's report as it is kept: the answer as a person reads it, in Markdown. */
final class DrillMarkdown {
  private DrillMarkdown() {}

  static List<String> of(DrillReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + report.lines().get(0));
    lines.add("");
    lines.add("Verdict: **" + report.verdict() + "**");
    lines.add("");
    // Four spaces make it a block, in which no name can be taken for markup.
    report.lines().stream()
        .skip(1)
        .map(line -> line.isEmpty() ? "" : "    " + line)
        .forEach(lines::add);
    return lines;
  }
}
