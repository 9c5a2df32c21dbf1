package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.dataset.ExportChecksum;
import dev.belay.dataset.ExportFile;
import dev.belay.dataset.ExportLoading;
import dev.belay.dataset.ExportLoading.Staged;
import dev.belay.dataset.ExportRows;
import dev.belay.dataset.LiveTable;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Merge;
import dev.belay.diff.MergeConsent;
import dev.belay.diff.MergeOptions;
import dev.belay.diff.MergeResult;
import dev.belay.diff.MergeSteps;
import dev.belay.diff.Pair;
import dev.belay.diff.Policy;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Compares the data of a point with the live tables, and merges it into them. */
final class PointMerging {
  private static final int SAMPLES = 5;

  private final GuardedRun run;
  private final PointScope scope;

  PointMerging(GuardedRun run, PointScope scope) {
    this.run = run;
    this.scope = scope;
  }

  /**
   * Opens the data of a point and proves that it is what it was.
   *
   * @throws Failure FINDINGS when it is not the data that its record is of
   */
  static ExportFile open(StoredPoint point, Progress progress) {
    ExportFile export = open(point.data(), progress);
    try {
      refuseOther(point);
      return export;
    } catch (Throwable broken) {
      export.close();
      throw broken;
    }
  }

  private static void refuseOther(StoredPoint point) {
    Optional<String> then = point.record().map(PointRecord::sha256);
    if (then.isPresent() && !then.get().equalsIgnoreCase(ExportChecksum.read(point.data()))) {
      throw Failure.findings(
          "the data of %s is not what its record was written of: its SHA-256 was %s"
              .formatted(point.id(), then.get()),
          "put its files back from a copy, or use another: belay rollback-point list");
    }
  }

  private static ExportFile open(Path data, Progress progress) {
    progress.step("checking " + data);
    try (Progress.Bar bar = progress.bar("checksum", data.toFile().length(), "bytes")) {
      return ExportFile.open(data, true, bar::advance);
    }
  }

  /**
   * Merges.
   *
   * @param export as it was opened; its rows are read here
   */
  MergeResult merge(
      ExportFile export, ExecuteRequest request, MergeConsent consent, MergeSteps steps) {
    MergeOptions options =
        new MergeOptions(
            request.type().policy(),
            false,
            request.triggers(),
            OptionalInt.empty(),
            SAMPLES,
            run.settings().lockTimeout(),
            DiffOptions.exact(1));
    boolean[] begun = {false};
    return Merge.run(
        run.databases(),
        run.target(),
        options,
        run.progress(),
        merge -> {
          if (begun[0]) {
            try (ExportFile again = open(export.path(), run.progress())) {
              stage(again, merge);
            }
          } else {
            begun[0] = true;
            stage(export, merge);
          }
        },
        consent,
        steps);
  }

  /** A table goes away again as soon as the rows that are to be written were taken from it. */
  private void stage(ExportFile export, Merge merge) {
    run.progress()
        .step("loading " + Units.count(scope.tables().size(), "table", "tables") + " to compare");
    ExportLoading loading = new ExportLoading(merge.session());
    try (Progress.Bar bar = run.progress().bar("loading", export.bytes(), "bytes")) {
      export.read(rows -> stage(rows, merge, loading), bar::advance);
    }
  }

  private void stage(ExportRows rows, Merge merge, ExportLoading loading) {
    LiveTable live = scope.tables().get(rows.table());
    if (live == null) {
      return;
    }
    Relation target = relation(merge.session(), live.name());
    Staged staged = loading.load(rows, live);
    if (!target.key().isEmpty() && staged.columns().containsAll(target.key())) {
      loading.key(staged, target.key());
    }
    Pair pair = Pair.of(relation(merge.session(), staged.staging()), target);
    if (merge.options().policy() == Policy.REMOVE_ADDED && pair.key().isEmpty()) {
      throw Failure.refused(
          "%s has no key that tells its rows apart, so a row that was changed since looks like one"
                  .formatted(live.name().plain())
              + " that was added, and would be removed",
          "bring it back as it was with --type full, or name the other tables with --table");
    }
    merge.addStaged(pair, staged.staging());
    staged.drop(merge.session());
  }

  private static Relation relation(Database session, TableName name) {
    return Relations.find(session, name)
        .orElseThrow(
            () ->
                Failure.failed(
                    "table %s is not there any more".formatted(name.plain()),
                    "run it again when nobody changes the schema"));
  }
}
