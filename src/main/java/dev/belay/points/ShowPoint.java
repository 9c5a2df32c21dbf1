package dev.belay.points;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.dataset.ExportFile;
import dev.belay.dataset.ExportRows;
import dev.belay.dataset.ExportedTable;
import dev.belay.diff.MergeResult;
import dev.belay.diff.MergeSteps;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells everything about a point, reads all of its data, and compares it with the live tables. */
final class ShowPoint {
  private final GuardedRun run;

  ShowPoint(GuardedRun run) {
    this.run = run;
  }

  /** Changes nothing; what is wrong is a finding in the answer. */
  ShowReport run(StoredPoint point) {
    List<String> problems = new ArrayList<>();
    point
        .problem()
        .filter(problem -> point.status() == StoredPoint.Status.DAMAGED)
        .ifPresent(problems::add);
    List<String> tables = new ArrayList<>();
    boolean verified = verify(point, problems, tables);
    Optional<List<ShowReport.Live>> live = Optional.empty();
    Optional<String> notCompared = Optional.empty();
    if (!verified) {
      notCompared = Optional.of("its data is not whole");
    } else if (run.settings().reached() == null) {
      notCompared = Optional.of("no database is configured");
    } else {
      try {
        live = Optional.of(compare(point));
      } catch (Failure cannot) {
        notCompared = Optional.of(cannot.message());
      }
    }
    return ShowReport.of(point, verified, problems, tables, live, notCompared);
  }

  private boolean verify(StoredPoint point, List<String> problems, List<String> tables) {
    try (ExportFile export = PointMerging.open(point, run.progress())) {
      export.header().tables().stream()
          .map(ExportedTable::name)
          .map(name -> name.plain())
          .forEach(tables::add);
      long rows = export.read((ExportRows each) -> {});
      point
          .record()
          .filter(record -> record.rows() != rows)
          .ifPresent(
              record ->
                  problems.add(
                      "its data has %d rows, and its record says %d"
                          .formatted(rows, record.rows())));
      return problems.isEmpty();
    } catch (Failure damaged) {
      problems.add(damaged.message());
      return false;
    }
  }

  private List<ShowReport.Live> compare(StoredPoint point) {
    Settings settings = run.settings();
    ExecuteRequest request = new ExecuteRequest(ExecutionType.BACKUP, List.of(), true, true, true);
    try (ExportFile export = ExportFile.open(point.data(), false, bytes -> {})) {
      PointScope scope;
      try (Database session = run.databases().open(settings.target()).readingOnly()) {
        scope = PointScope.of(session, settings, export.header(), request);
      }
      MergeResult result =
          new PointMerging(run, scope)
              .merge(export, request, (plan, agreed) -> false, MergeSteps.NONE);
      return result.plan().tables().stream()
          .map(
              table ->
                  new ShowReport.Live(
                      table.table().plain(), table.remove(), table.change(), table.add()))
          .toList();
    }
  }
}
