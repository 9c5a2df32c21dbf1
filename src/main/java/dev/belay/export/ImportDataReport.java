package dev.belay.export;

import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.diff.Cascade;
import dev.belay.diff.MergeOutcome;
import dev.belay.diff.MergePlan;
import dev.belay.diff.MergeResult;
import dev.belay.diff.RowSample;
import dev.belay.diff.TableMerge;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer of {@code import-data}.
 *
 * @param exportedAt the moment that the export shows
 * @param imported whether the rows are in the database now; false after a plan only, and when there
 *     was nothing to do
 * @param tables every table of the export that was compared, sorted by name
 * @param skipped rows that somebody changed between plan and batch, and that stayed
 * @param cascades what foreign keys took away or changed beside that, in words
 * @param sequences what was done to sequences, in words
 * @param attempts how often it was begun, since somebody else changed rows meanwhile
 */
record ImportDataReport(
    String database,
    String export,
    Instant exportedAt,
    String policy,
    boolean imported,
    List<Table> tables,
    long added,
    long changed,
    long removed,
    long skipped,
    List<String> cascades,
    List<String> sequences,
    int attempts,
    long durationMillis,
    @ToPaste List<String> notes)
    implements Report {

  /**
   * One table.
   *
   * @param rows that the export has
   * @param keyed whether its rows are told apart by a key; else they are compared as a multiset
   * @param left rows that differ and stay
   * @param samples the first rows that differ
   */
  record Table(
      String table,
      long rows,
      boolean keyed,
      long add,
      long change,
      long remove,
      long left,
      List<RowSample> samples) {}

  static ImportDataReport of(
      Target target,
      ExportFile export,
      ImportRequest request,
      ImportScope scope,
      MergeResult result,
      Duration duration) {
    MergePlan plan = result.plan();
    MergeOutcome outcome =
        result.outcome().orElseGet(() -> new MergeOutcome(plan, 0, 0, 0, 0, List.of(), 1, false));
    return new ImportDataReport(
        target.toString(),
        export.path().toString(),
        export.header().takenAt(),
        request.policy().word(),
        outcome.kept(),
        plan.tables().stream().map(ImportDataReport::table).toList(),
        outcome.added(),
        outcome.changed(),
        outcome.removed(),
        outcome.skipped(),
        plan.cascades().stream().map(Cascade::text).toList(),
        outcome.sequences(),
        outcome.attempts(),
        duration.toMillis(),
        ImportPlan.notes(plan, scope));
  }

  private static Table table(TableMerge table) {
    return new Table(
        table.table().plain(),
        table.diff().sourceRows(),
        table.keyed(),
        table.add(),
        table.change(),
        table.remove(),
        table.left(),
        table.samples());
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return imported;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    boolean nothing =
        tables.stream().allMatch(each -> each.add() + each.change() + each.remove() == 0);
    lines.add("export:    " + TextTable.visible(export));
    lines.add("into:      " + TextTable.visible(database));
    lines.add("policy:    " + policy);
    if (imported) {
      lines.add(
          "done:      %s added, %s changed, %s removed, in %s"
              .formatted(
                  Units.count(added, "row", "rows"),
                  Units.count(changed),
                  Units.count(removed),
                  Units.duration(Duration.ofMillis(durationMillis))));
      if (skipped > 0) {
        lines.add(
            "skipped:   %s that somebody changed meanwhile"
                .formatted(Units.count(skipped, "row", "rows")));
      }
    } else {
      lines.add(
          nothing
              ? "done:      nothing: there is nothing to do under this policy"
              : "done:      nothing yet: this is the plan");
    }
    cascades.forEach(each -> lines.add("cascade:   " + TextTable.visible(each)));
    sequences.forEach(each -> lines.add("sequence:  " + TextTable.visible(each)));
    notes.forEach(note -> lines.add("note:      " + TextTable.visible(note)));
    if (!tables.isEmpty()) {
      lines.add("");
      TextTable text =
          new TextTable("TABLE", "ROWS IN EXPORT", "ADD", "CHANGE", "REMOVE", "DIFFER AND STAY");
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
    }
    return lines;
  }
}
