package dev.belay.points;

import dev.belay.cli.Plan;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.diff.Cascade;
import dev.belay.diff.MergePlan;
import dev.belay.diff.TableMerge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plan of an execution, in words. */
final class ExecutePlan {
  private final Target target;
  private final StoredPoint point;
  private final ExportFile export;
  private final ExecuteRequest request;
  private final PointScope scope;

  ExecutePlan(
      Target target,
      StoredPoint point,
      ExportFile export,
      ExecuteRequest request,
      PointScope scope) {
    this.target = target;
    this.point = point;
    this.export = export;
    this.request = request;
    this.scope = scope;
  }

  /**
   * @param before where what is taken away is kept; empty: nothing is, or this is a dry run
   */
  Plan of(MergePlan merge, Optional<Path> before) {
    List<String> steps = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    before.ifPresent(file -> steps.add("keep what is there now in " + file));
    for (TableMerge table : merge.tables()) {
      String name = table.table().plain();
      if (table.touched() > 0) {
        steps.add(table.words());
      }
      if (table.change() > 0) {
        losses.add(
            "%s of %s: what was written to them after the point is taken away"
                .formatted(Units.count(table.change(), "row", "rows"), name));
      }
      if (table.remove() > 0) {
        losses.add(
            "%s of %s, written after the point: removed"
                .formatted(Units.count(table.remove(), "row", "rows"), name));
      }
    }
    merge.cascades().stream().map(Cascade::text).forEach(losses::add);
    return new Plan(
        "bring %s back to %s (%s), type %s, in one transaction"
            .formatted(
                target, point.id(), Units.moment(export.header().takenAt()), request.type().word()),
        steps,
        notes(merge, scope, request),
        losses,
        target.database());
  }

  /** What should be known of the whole and of each table. */
  static List<String> notes(MergePlan merge, PointScope scope, ExecuteRequest request) {
    List<String> notes = new ArrayList<>(scope.notes());
    notes.addAll(merge.notes());
    merge
        .tables()
        .forEach(
            table -> {
              table.notes().forEach(note -> notes.add(table.table().plain() + ": " + note));
              if (request.type() == ExecutionType.PARTIAL && table.left() > 0) {
                notes.add(
                    "%s: %s that were changed or removed since stay so"
                        .formatted(
                            table.table().plain(), Units.count(table.left(), "row", "rows")));
              }
              if (request.type() == ExecutionType.PARTIAL && table.remove() > 0) {
                notes.add(
                    "%s: a row whose key was changed since is one that was added, and is removed"
                        .formatted(table.table().plain()));
              }
            });
    if (request.type() != ExecutionType.PARTIAL) {
      notes.add("sequences are never set back: numbers that were given are not given again");
    }
    return notes.stream().distinct().toList();
  }
}
