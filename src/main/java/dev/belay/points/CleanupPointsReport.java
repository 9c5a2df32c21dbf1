package dev.belay.points;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What retention made of the rollback points.
 *
 * @param deleted false: this is what would be done
 * @param points newest first
 */
record CleanupPointsReport(String folder, boolean deleted, List<Item> points) implements Report {
  CleanupPointsReport {
    points = List.copyOf(points);
  }

  /**
   * One point.
   *
   * @param verdict {@code stays}, {@code goes}, {@code deleted} or {@code failed}
   */
  record Item(String id, String verdict, String reason, long bytes) {}

  @Override
  public ExitCode exitCode() {
    return points.stream().anyMatch(each -> each.verdict().equals("failed"))
        ? ExitCode.UNAVAILABLE
        : ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (points.isEmpty()) {
      lines.add("no rollback point in " + TextTable.visible(folder));
      return lines;
    }
    TextTable table = new TextTable("ROLLBACK POINT", "VERDICT", "WHY", "SIZE");
    points.forEach(
        each -> table.row(each.id(), each.verdict(), each.reason(), Units.bytes(each.bytes())));
    lines.addAll(table.lines());
    if (!deleted && points.stream().anyMatch(each -> each.verdict().equals("goes"))) {
      lines.add("");
      lines.add(
          "nothing was deleted; to delete: " + toPaste.apply("belay rollback-point cleanup --yes"));
    }
    return lines;
  }
}
