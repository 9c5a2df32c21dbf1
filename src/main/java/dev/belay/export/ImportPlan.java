package dev.belay.export;

import dev.belay.cli.Plan;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.diff.Cascade;
import dev.belay.diff.MergePlan;
import dev.belay.diff.TableMerge;
import java.util.ArrayList;
import java.util.List;

/** The plan of an import, in words. */
final class ImportPlan {
  private final Target target;
  private final ExportFile export;
  private final ImportRequest request;
  private final ImportScope scope;

  ImportPlan(Target target, ExportFile export, ImportRequest request, ImportScope scope) {
    this.target = target;
    this.export = export;
    this.request = request;
    this.scope = scope;
  }

  Plan of(MergePlan merge) {
    List<String> steps = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    for (TableMerge table : merge.tables()) {
      String name = table.table().plain();
      if (table.touched() > 0) {
        steps.add(table.words());
      }
      if (table.change() > 0) {
        losses.add(
            "%s of %s now: what it says is overwritten"
                .formatted(Units.count(table.change(), "row", "rows"), name));
      }
      if (table.remove() > 0) {
        losses.add(
            "%s of %s, which the export does not have, removed"
                .formatted(Units.count(table.remove(), "row is", "rows are"), name));
      }
    }
    merge.cascades().stream().map(Cascade::text).forEach(losses::add);
    return new Plan(
        "import %s (%s, as of %s) into %s, policy %s, %s"
            .formatted(
                export.path().getFileName(),
                export.header().target(),
                Units.moment(export.header().takenAt()),
                target,
                request.policy().word(),
                request.batchRows().isPresent()
                    ? "in batches of " + Units.count(request.batchRows().getAsInt(), "row", "rows")
                    : "in one transaction"),
        steps,
        notes(merge, scope),
        losses,
        target.database());
  }

  /** What should be known of the whole and of each table. */
  static List<String> notes(MergePlan merge, ImportScope scope) {
    List<String> notes = new ArrayList<>(scope.notes());
    notes.addAll(merge.notes());
    merge
        .tables()
        .forEach(
            table -> table.notes().forEach(note -> notes.add(table.table().plain() + ": " + note)));
    return notes.stream().distinct().toList();
  }
}
