package dev.belay.points;

import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.diff.Cascade;
import dev.belay.diff.MergePlan;
import dev.belay.diff.MergeResult;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What came of bringing tables back to a point.
 *
 * @param executed false: there was nothing to do, or it was stopped after the plan
 * @param proven whether the tables were found equal to the point by their fingerprints, before the
 *     commit
 * @param before the point that has what was taken away; empty: nothing was
 */
public record ExecuteReport(
    String database,
    String point,
    String type,
    boolean executed,
    boolean proven,
    Optional<String> before,
    List<Table> tables,
    long added,
    long changed,
    long removed,
    List<String> cascades,
    List<String> sequences,
    long durationMillis,
    @ToPaste List<String> notes)
    implements Report {

  /** One table: rows at the point, and what is done. */
  record Table(String table, long rows, long add, long change, long remove, long left) {}

  static ExecuteReport of(
      Target target,
      StoredPoint point,
      ExecuteRequest request,
      PointScope scope,
      MergeResult result,
      boolean proven,
      Optional<String> before,
      Duration duration) {
    MergePlan plan = result.plan();
    return new ExecuteReport(
        target.toString(),
        point.id(),
        request.type().word(),
        result.outcome().isPresent(),
        proven,
        before,
        plan.tables().stream()
            .map(
                table ->
                    new Table(
                        table.table().plain(),
                        table.diff().sourceRows(),
                        table.add(),
                        table.change(),
                        table.remove(),
                        table.left()))
            .toList(),
        result.outcome().map(done -> done.added()).orElse(0L),
        result.outcome().map(done -> done.changed()).orElse(0L),
        result.outcome().map(done -> done.removed()).orElse(0L),
        plan.cascades().stream().map(Cascade::text).toList(),
        result.outcome().map(done -> done.sequences()).orElse(List.of()),
        duration.toMillis(),
        ExecutePlan.notes(plan, scope, request));
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return executed;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    boolean nothing =
        tables.stream().allMatch(each -> each.add() + each.change() + each.remove() == 0);
    lines.add("point:     " + point);
    lines.add("database:  " + TextTable.visible(database));
    lines.add("type:      " + type);
    if (executed) {
      lines.add(
          "done:      %s added, %s changed, %s removed, in %s"
              .formatted(
                  Units.count(added, "row", "rows"),
                  Units.count(changed),
                  Units.count(removed),
                  Units.duration(Duration.ofMillis(durationMillis))));
      if (!type.equals(ExecutionType.PARTIAL.word())) {
        lines.add(
            proven
                ? "proven:    equal to the point by fingerprint, before the commit"
                : "proven:    by comparing rows; not by fingerprint");
      }
    } else {
      lines.add(
          nothing
              ? "done:      nothing: there is nothing to bring back"
              : "done:      nothing yet: this is the plan");
    }
    cascades.forEach(each -> lines.add("cascade:   " + TextTable.visible(each)));
    sequences.forEach(each -> lines.add("sequence:  " + TextTable.visible(each)));
    notes.forEach(note -> lines.add("note:      " + TextTable.visible(note)));
    before.ifPresent(
        id -> lines.add("undo:      " + toPaste.apply("belay rollback-point execute " + id)));
    lines.add("");
    TextTable text =
        new TextTable("TABLE", "ROWS AT POINT", "ADD", "CHANGE", "REMOVE", "DIFFER AND STAY");
    tables.forEach(
        each ->
            text.row(
                each.table(),
                Units.count(each.rows()),
                Units.count(each.add()),
                Units.count(each.change()),
                Units.count(each.remove()),
                Units.count(each.left())));
    lines.addAll(text.lines());
    return lines;
  }
}
