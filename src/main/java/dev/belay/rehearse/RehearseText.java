package dev.belay.rehearse;

import dev.belay.core.Units;
import dev.belay.report.TextTable;
import dev.belay.scratch.TimedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The answer of a rehearsal for a person. */
final class RehearseText {
  private static final int SLOWEST = 3;
  private static final int SHOWN = 12;

  private final RehearseReport report;
  private final UnaryOperator<String> toPaste;
  private final List<String> lines = new ArrayList<>();

  RehearseText(RehearseReport report, UnaryOperator<String> toPaste) {
    this.report = report;
    this.toPaste = toPaste;
  }

  List<String> lines() {
    add("Rehearsal of app %s of %s".formatted(report.app(), report.database()));
    report
        .origin()
        .ifPresent(
            origin -> {
              add("Copy     %s".formatted(origin.words()));
              add(
                  "         %s, made in %s; the live database has %s"
                      .formatted(
                          Units.bytes(origin.copyBytes()),
                          millis(origin.copyMillis()),
                          Units.bytes(origin.liveBytes())));
            });
    report.baseline().ifPresent(figures -> add("Probe    on " + probed() + "; " + felt(figures)));
    for (RehearsedMigration migration : report.migrations()) {
      lines.add("");
      lines.addAll(of(migration));
    }
    ways();
    if (!report.notes().isEmpty()) {
      lines.add("");
      report.notes().forEach(note -> add("note: " + note));
    }
    lines.add("");
    add(end());
    report.kept().ifPresent(name -> add("The copy stays: " + name));
    report.files().forEach(file -> add("Written  " + file));
    return lines;
  }

  private String probed() {
    return report.probed().isEmpty() ? "no table" : String.join(", ", report.probed());
  }

  /** One migration, for the answer of a drill too. */
  static List<String> of(RehearsedMigration migration) {
    List<String> lines = new ArrayList<>();
    lines.add(
        TextTable.visible(
            "%s: %s"
                .formatted(
                    migration.migration(), migration.verdict().words().toUpperCase(Locale.ROOT))));
    some(lines, migration.reasons(), "  - ");
    migration.up().ifPresent(up -> passage(lines, "up", up));
    migration.undo().ifPresent(undo -> passage(lines, "undo", undo));
    some(lines, migration.notes(), "  note: ");
    return lines;
  }

  private static void some(List<String> lines, List<String> all, String prefix) {
    all.stream().limit(SHOWN).forEach(each -> lines.add(TextTable.visible(prefix + each)));
    if (all.size() > SHOWN) {
      lines.add("%sand %d more, in the JSON".formatted(prefix, all.size() - SHOWN));
    }
  }

  private static void passage(List<String> lines, String what, Passage passage) {
    lines.add(
        TextTable.visible(
            "  %-5s %s, %s%s%s"
                .formatted(
                    what,
                    millis(passage.millis()),
                    Units.count(passage.statements().size(), "statement", "statements"),
                    passage.inTransaction() ? "" : ", without a transaction",
                    what.equals("undo")
                        ? ", %s (%s)".formatted(passage.script(), passage.from())
                        : "")));
    for (Passage.Lock lock : passage.locks()) {
      lines.add(
          TextTable.visible(
              "        %s on %s%s, stops %s"
                  .formatted(
                      lock.mode(),
                      lock.table(),
                      lock.millis() < 0 ? "" : " for " + millis(lock.millis()),
                      lock.stops())));
    }
    passage
        .rewritten()
        .forEach(each -> lines.add(TextTable.visible("        writes every row anew: " + each)));
    passage.dropped().forEach(each -> lines.add(TextTable.visible("        drops " + each)));
    passage.emptied().forEach(each -> lines.add(TextTable.visible("        empties " + each)));
    passage.destroyed().forEach(each -> lines.add(TextTable.visible("        destroys " + each)));
    for (Passage.Rows rows : passage.rows()) {
      lines.add(
          TextTable.visible(
              "        rows of %s: %s added, %s changed, %s removed"
                  .formatted(
                      rows.table(),
                      Units.count(rows.inserted()),
                      Units.count(rows.updated()),
                      Units.count(rows.deleted()))));
    }
    passage.statements().stream()
        .filter(statement -> statement.millis() >= 10)
        .sorted(Comparator.comparingLong(TimedStatement::millis).reversed())
        .limit(SLOWEST)
        .forEach(
            statement ->
                lines.add(
                    TextTable.visible(
                        "        %s  %s".formatted(millis(statement.millis()), statement.text()))));
    passage.probe().ifPresent(figures -> lines.add("        probe: " + felt(figures)));
    passage
        .probe()
        .map(ProbeFigures::errors)
        .ifPresent(
            errors ->
                errors.forEach(
                    error -> lines.add(TextTable.visible("        probe failed: " + error))));
  }

  private static String felt(ProbeFigures figures) {
    if (figures.statements() == 0 && figures.stalledTable().isEmpty()) {
      return "no table was there to be probed";
    }
    return TextTable.visible(
        "%s, %s failed; p50 %s, p99 %s, slowest %s; longest stall %s%s"
            .formatted(
                Units.count(figures.statements(), "statement", "statements"),
                Units.count(figures.failed()),
                micros(figures.p50Micros()),
                micros(figures.p99Micros()),
                micros(figures.maxMicros()),
                millis(figures.longestStallMillis()),
                figures.stalledTable().isEmpty() ? "" : " (" + figures.stalledTable() + ")"));
  }

  private void ways() {
    if (report.waysBack().isEmpty()) {
      return;
    }
    lines.add("");
    add("Ways back, for the live database:");
    TextTable table = new TextTable("  way", "takes", "loses", "based on");
    for (WayBack way : report.waysBack()) {
      table.row(
          "  " + way.way().replace('-', ' '),
          (way.measured() ? "" : "perhaps ") + millis(way.liveMillis()),
          way.loses(),
          way.basis());
    }
    lines.addAll(table.lines());
    report
        .waysBack()
        .forEach(way -> add("  %s: %s".formatted(way.way().replace('-', ' '), way.command())));
  }

  private String end() {
    Optional<Verdict> worst = report.verdict();
    if (worst.isEmpty()) {
      return report.mode().equals("pending")
          ? "Nothing is pending. To rehearse the way back of what was applied last: "
              + toPaste.apply("belay rehearse --applied 1")
          : "No migration is applied.";
    }
    long proven = report.migrations().stream().filter(each -> each.verdict().isGood()).count();
    return "%d of %d proven: %s"
        .formatted(
            proven,
            report.migrations().size(),
            worst.get().isGood() ? "the way back is proven" : worst.get().words());
  }

  private void add(String line) {
    lines.add(TextTable.visible(line));
  }

  static String millis(long millis) {
    return Units.duration(Duration.ofMillis(millis));
  }

  private static String micros(long micros) {
    return micros < 10_000
        ? String.format(Locale.ROOT, "%.1f ms", micros / 1000.0)
        : millis(micros / 1000);
  }
}
