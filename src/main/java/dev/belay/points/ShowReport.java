package dev.belay.points;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything about a rollback point.
 *
 * @param verified whether all of its data was read and is what it was
 * @param live how the live tables differ from it; empty: they were not compared
 * @param notCompared why not
 */
record ShowReport(
    String id,
    String data,
    String status,
    boolean verified,
    @ToPaste List<String> problems,
    Optional<PointRecord> record,
    List<String> tables,
    Optional<List<Live>> live,
    Optional<String> notCompared)
    implements Report {

  /** Rows of a live table that were added, changed and removed since the point. */
  record Live(String table, long added, long changed, long removed) {}

  static ShowReport of(
      StoredPoint point,
      boolean verified,
      List<String> problems,
      List<String> tables,
      Optional<List<Live>> live,
      Optional<String> notCompared) {
    String status = verified ? point.status().name() : StoredPoint.Status.DAMAGED.name();
    return new ShowReport(
        point.id(),
        point.data().toString(),
        status.toLowerCase(Locale.ROOT),
        verified,
        List.copyOf(problems),
        point.record(),
        List.copyOf(tables),
        live,
        notCompared);
  }

  @Override
  public ExitCode exitCode() {
    return verified ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("point:       " + TextTable.visible(id));
    lines.add("status:      " + status);
    lines.add("data:        " + TextTable.visible(data));
    lines.add("verified:    " + (verified ? "yes: every byte and every row is what it was" : "NO"));
    problems.forEach(problem -> lines.add("problem:     " + TextTable.visible(problem)));
    record.ifPresent(known -> lines.addAll(facts(known)));
    lines.add("");
    if (record.isPresent()) {
      TextTable table = new TextTable("TABLE", "ROWS", "FINGERPRINT");
      record
          .get()
          .tables()
          .forEach(
              each ->
                  table.row(
                      each.name().plain(),
                      Units.count(each.rows()),
                      each.fingerprint().orElse("-")));
      lines.addAll(table.lines());
    } else {
      tables.forEach(table -> lines.add("table:       " + TextTable.visible(table)));
    }
    lines.add("");
    notCompared.ifPresent(why -> lines.add("since then:  not compared: " + TextTable.visible(why)));
    live.ifPresent(
        tablesNow -> {
          TextTable table =
              new TextTable("SINCE THEN", "ROWS ADDED", "ROWS CHANGED", "ROWS REMOVED");
          tablesNow.forEach(
              each ->
                  table.row(
                      each.table(),
                      Units.count(each.added()),
                      Units.count(each.changed()),
                      Units.count(each.removed())));
          lines.addAll(table.lines());
        });
    return lines;
  }

  private static List<String> facts(PointRecord known) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "taken:       " + Units.moment(known.takenAt()) + " by " + TextTable.visible(known.by()));
    lines.add("database:    " + TextTable.visible(known.target()));
    known.description().ifPresent(text -> lines.add("description: " + TextTable.visible(text)));
    known
        .migrations()
        .forEach(
            each ->
                lines.add(
                    "migrations:  app %s at %s"
                        .formatted(
                            TextTable.visible(each.app()),
                            Objects.requireNonNullElse(each.version(), "none"))));
    known
        .executions()
        .forEach(
            each ->
                lines.add(
                    TextTable.visible(
                        "executed:    %s by %s, %s: %d added, %d changed, %d removed%s"
                            .formatted(
                                Units.moment(each.at()),
                                each.by(),
                                each.type(),
                                each.added(),
                                each.changed(),
                                each.removed(),
                                each.before().map(id -> "; before: " + id).orElse("")))));
    return lines;
  }
}
