package dev.belay.points;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The rollback points in a folder.
 *
 * @param points newest first
 */
record ListReport(String folder, List<Item> points) implements Report {
  /** One point; what only its record knows is empty where that cannot be read. */
  record Item(
      String id,
      Optional<Instant> takenAt,
      Optional<String> target,
      List<String> tables,
      Optional<Long> rows,
      long bytes,
      String status,
      String kind,
      Optional<String> description,
      Optional<String> problem) {
    static Item of(StoredPoint point) {
      Optional<PointRecord> record = point.record();
      return new Item(
          point.id(),
          record.map(PointRecord::takenAt),
          record.map(PointRecord::target),
          record
              .map(each -> each.tables().stream().map(table -> table.name().plain()).toList())
              .orElse(List.of()),
          record.map(PointRecord::rows),
          point.bytes(),
          point.status().name().toLowerCase(Locale.ROOT),
          record.map(PointRecord::kind).orElse("unknown"),
          record.flatMap(PointRecord::description),
          point.problem());
    }
  }

  static ListReport of(String folder, List<StoredPoint> points) {
    return new ListReport(folder, points.stream().map(Item::of).toList());
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
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
      lines.add(
          "make one with: " + toPaste.apply("belay rollback-point create --table schema.table"));
      return lines;
    }
    TextTable table =
        new TextTable(
            "ROLLBACK POINT",
            "CREATED",
            "DATABASE",
            "TABLES",
            "ROWS",
            "SIZE",
            "STATUS",
            "DESCRIPTION");
    for (Item point : points) {
      table.row(
          point.id(),
          point.takenAt().map(Units::moment).orElse("-"),
          point.target().orElse("-"),
          tables(point.tables()),
          point.rows().map(Units::count).orElse("-"),
          Units.bytes(point.bytes()),
          point.status(),
          point.description().orElse("-"));
    }
    lines.addAll(table.lines());
    points.forEach(
        point ->
            point
                .problem()
                .ifPresent(problem -> lines.add(TextTable.visible(point.id() + ": " + problem))));
    return lines;
  }

  private static String tables(List<String> tables) {
    return switch (tables.size()) {
      case 0 -> "-";
      case 1 -> tables.get(0);
      default -> tables.get(0) + " +" + (tables.size() - 1);
    };
  }
}
