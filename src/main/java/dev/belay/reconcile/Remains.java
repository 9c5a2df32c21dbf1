package dev.belay.reconcile;

import dev.belay.core.Units;
import dev.belay.diff.Policy;
import java.util.ArrayList;
import java.util.List;

/** What a merge does not reconcile, in words: whoever is told of nothing has everything. */
final class Remains {
  private static final int TABLES = 20;

  private Remains() {}

  /**
   * All of it.
   *
   * @param unmerged what no merge brings back, in words
   */
  static List<String> of(
      ReconcileRequest request, Pass pass, List<MissingTable> missing, List<String> unmerged) {
    List<String> remains = new ArrayList<>(unmerged);
    for (TableAnswer table : pass.tables()) {
      conflicts(table, remains);
      behind(request, pass, table, remains);
      if (pass.origin() == Origin.REPLACED) {
        table
            .lostColumns()
            .forEach(
                lost ->
                    remains.add(
                        "%s of the column %s of %s, which the target lacks"
                            .formatted(
                                Units.count(lost.values(), "value", "values"),
                                lost.column(),
                                table.table().plain())));
      }
    }
    missing.forEach(
        table ->
            remains.add(
                "the table %s, which the target lacks: %s in %s"
                    .formatted(
                        table.table().plain(),
                        Units.count(table.rows(), "row", "rows"),
                        pass.origin().words())));
    Pass.Done done = pass.done();
    if (done != null && done.skipped() > 0) {
      remains.add(
          "%s that somebody changed between plan and batch"
              .formatted(Units.count(done.skipped(), "row", "rows")));
    }
    if (remains.size() > TABLES) {
      List<String> shown = new ArrayList<>(remains.subList(0, TABLES));
      shown.add(
          "%s, which the report lists"
              .formatted(Units.count(remains.size() - TABLES, "more thing", "more things")));
      return shown;
    }
    return remains;
  }

  private static void conflicts(TableAnswer table, List<String> remains) {
    if (table.conflicts() > 0) {
      remains.add(
          "%s of %s in conflict with what was written to the target since"
              .formatted(Units.count(table.conflicts(), "row", "rows"), table.table().plain()));
    }
  }

  /** Of rows that the policy leaves, those that only the source wrote. */
  private static void behind(
      ReconcileRequest request, Pass pass, TableAnswer table, List<String> remains) {
    long changedLeft = Math.max(0, table.changed() - table.change());
    Written since = table.written();
    if (since == null) {
      if (changedLeft > 0) {
        remains.add(
            "%s of %s with other values than in %s"
                .formatted(
                    Units.count(changedLeft, "row", "rows"),
                    table.table().plain(),
                    pass.origin().words()));
      }
      return;
    }
    long changes =
        request.chosenPolicy() == Policy.ADD_MISSING ? Math.min(since.changed(), changedLeft) : 0;
    if (changes > 0) {
      remains.add(
          "up to %s of %s that were changed in %s after the backup"
              .formatted(
                  Units.count(changes, "row", "rows"),
                  table.table().plain(),
                  pass.origin().words()));
    }
    long removals = Math.min(since.removed(), Math.max(0, table.extra() - table.remove()));
    if (removals > 0) {
      remains.add(
          "up to %s of %s that were removed in %s after the backup, and are here"
              .formatted(
                  Units.count(removals, "row", "rows"),
                  table.table().plain(),
                  pass.origin().words()));
    }
  }
}
