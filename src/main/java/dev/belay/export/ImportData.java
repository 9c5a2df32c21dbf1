package dev.belay.export;

import dev.belay.cli.Consent;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.dataset.ExportLoading;
import dev.belay.dataset.ExportLoading.Staged;
import dev.belay.dataset.ExportRows;
import dev.belay.dataset.LiveTable;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Merge;
import dev.belay.diff.MergeConsent;
import dev.belay.diff.MergeOptions;
import dev.belay.diff.MergePlan;
import dev.belay.diff.MergeResult;
import dev.belay.diff.Pair;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Brings the rows of an export into the target, under a policy. */
final class ImportData {
  private static final int SAMPLES = 5;

  private final GuardedRun run;

  ImportData(GuardedRun run) {
    this.run = run;
  }

  /**
   * Imports.
   *
   * @throws Failure whatever stops it; the target is as before, unless it is INCOMPLETE
   */
  ImportDataReport run(Path file, ImportRequest request, Consent consent) {
    Instant begin = Instant.now();
    run.target();
    try (ExportFile export = open(file, request)) {
      if (!request.dryRun()) {
        run.recover();
      }
      ImportScope scope = scope(export, request);
      MergeResult result;
      if (request.dryRun()) {
        result = merge(export, scope, request, consent);
      } else {
        try (OperationLock lock = run.lock();
            Journal journal = run.journal()) {
          journal.step(
              "import", Map.of("export", file.toString(), "policy", request.policy().word()));
          result = merge(export, scope, request, consent);
          journal.end("ok");
          lock.check();
        }
      }
      return ImportDataReport.of(
          run.target(), export, request, scope, result, Duration.between(begin, Instant.now()));
    }
  }

  private ExportFile open(Path file, ImportRequest request) {
    if (!request.checked()) {
      run.progress().warn("the checksum of " + file + " is not looked at");
      return ExportFile.open(file, false, bytes -> {});
    }
    run.progress().step("checking " + file);
    try (Progress.Bar bar = run.progress().bar("checksum", file.toFile().length(), "bytes")) {
      return ExportFile.open(file, true, bar::advance);
    }
  }

  private ImportScope scope(ExportFile export, ImportRequest request) {
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      return ImportScope.of(session, run.settings(), export.header(), request);
    }
  }

  private MergeResult merge(
      ExportFile export, ImportScope scope, ImportRequest request, Consent consent) {
    MergeOptions options =
        new MergeOptions(
            request.policy(),
            false,
            request.triggers(),
            request.batchRows(),
            SAMPLES,
            run.settings().lockTimeout(),
            DiffOptions.exact(1));
    ImportPlan plan = new ImportPlan(run.target(), export, request, scope);
    boolean[] begun = {false};
    return Merge.run(
        run.databases(),
        run.target(),
        options,
        run.progress(),
        merge -> {
          if (begun[0]) {
            try (ExportFile again = open(export.path(), request)) {
              stage(again, scope, merge);
            }
          } else {
            begun[0] = true;
            stage(export, scope, merge);
          }
        },
        new MergeConsent() {
          @Override
          public boolean given(MergePlan planned, Optional<MergePlan> agreed) {
            return !planned.empty() && consent.given(plan.of(planned));
          }

          @Override
          public boolean takesLong(MergePlan planned) {
            return !planned.empty() && consent.asksPerson();
          }
        });
  }

  /** A table goes away again as soon as the rows that are to be written were taken from it. */
  private void stage(ExportFile export, ImportScope scope, Merge merge) {
    run.progress()
        .step("loading " + Units.count(scope.tables().size(), "table", "tables") + " to compare");
    ExportLoading loading = new ExportLoading(merge.session());
    try (Progress.Bar bar = run.progress().bar("loading", export.bytes(), "bytes")) {
      export.read(rows -> stage(rows, scope, merge, loading), bar::advance);
    }
  }

  private void stage(ExportRows rows, ImportScope scope, Merge merge, ExportLoading loading) {
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
