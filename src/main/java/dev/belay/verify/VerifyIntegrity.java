package dev.belay.verify;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.Checking;
import dev.belay.integrity.Rules;
import dev.belay.integrity.Severity;
import dev.belay.integrity.Unchecked;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.report.CheckStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks whether the data keeps its promises. Reads only. */
public final class VerifyIntegrity {
  private final Databases databases;

  public VerifyIntegrity(Databases databases) {
    this.databases = databases;
  }

  /**
   * Runs the checks, the rules and the comparison that were asked for.
   *
   * @throws Failure UNAVAILABLE when the database cannot be reached or the backup is not there;
   *     USAGE for what is asked for and is not
   */
  IntegrityReport run(Settings settings, IntegrityRequest request, Progress progress) {
    Selection selection = Selection.of(request);
    Scope scope = Scope.of(settings, request.app());
    Target target = settings.target();
    Optional<StoredBackup> backup = backup(settings, request, selection);
    Optional<ExportFile> export = export(request, selection, progress);
    try (Database session = databases.open(target)) {
      PaceChoice pace = PaceChoice.of(request.gentle(), request.jobs(), session);
      progress.step(pace.line());
      Checking checking =
          new Checking(
                  () -> databases.open(target),
                  pace.pace(),
                  settings.lockTimeout(),
                  request.maxRows(),
                  progress)
              .lookingAt(session, scope.checks());
      if (request.app().isPresent()
          && checking.isWithoutRelations()
          && backup.isEmpty()
          && export.isEmpty()) {
        throw nothingOf(request.app().get(), scope);
      }
      List<Issue> issues = new ArrayList<>();
      Map<String, Long> counts = selection.counts() ? counts(checking, issues) : null;
      checking.run(selection.builtIn()).forEach(result -> issues.add(Issue.of(result, "checks")));
      rules(settings, request, selection, scope, progress)
          .forEach(result -> issues.add(Issue.of(result, "rules")));
      DataComparison comparison =
          backup
              .map(
                  each ->
                      new BackupComparison(
                              databases, target, pace.pace(), settings.lockTimeout(), progress)
                          .with(each, scope))
              .or(() -> export.map(each -> compare(settings, each, scope, request, progress)))
              .orElse(null);
      return new IntegrityReport(
          target.toString(),
          pace,
          checking.tables(),
          counts,
          issues,
          comparison,
          notes(checking, session, scope),
          request.warningsFail());
    } finally {
      export.ifPresent(ExportFile::close);
    }
  }

  private static Optional<ExportFile> export(
      IntegrityRequest request, Selection selection, Progress progress) {
    if (!selection.comparison() || request.export().isEmpty()) {
      return Optional.empty();
    }
    Path file = request.export().get();
    try (Progress.Bar bar = progress.bar("checksum", file.toFile().length(), "bytes")) {
      return Optional.of(ExportFile.open(file, true, bar::advance));
    }
  }

  /** In a session of its own that may make temporary tables, and nothing else is written in. */
  private DataComparison compare(
      Settings settings,
      ExportFile file,
      Scope scope,
      IntegrityRequest request,
      Progress progress) {
    try (Database session = databases.open(settings.target())) {
      session.execute("set lock_timeout = " + Math.max(1, settings.lockTimeout().toMillis()));
      session.execute("set max_parallel_workers_per_gather = 0");
      Cleanup.Pending stop = Cleanup.register(session::cancel);
      try {
        return new ExportComparison(session, scope, request.maxRows(), progress).with(file);
      } finally {
        stop.cancel();
      }
    } catch (Failure failure) {
      return DataComparison.failed(
          "export",
          file.path().toString(),
          Units.moment(file.header().takenAt()),
          List.of(),
          new Unchecked("all of it", failure.message(), failure.hint()),
          Duration.ZERO);
    }
  }

  private static Optional<StoredBackup> backup(
      Settings settings, IntegrityRequest request, Selection selection) {
    if (!selection.comparison() || request.backup().isEmpty()) {
      return Optional.empty();
    }
    StoredBackup backup =
        new BackupStore(settings.folders().backups())
            .find(
                request.backup().orElse(BackupStore.LATEST),
                Optional.of(settings.target().database()));
    backup.manifest();
    return Optional.of(backup);
  }

  private static @Nullable Map<String, Long> counts(Checking checking, List<Issue> issues) {
    long begin = System.nanoTime();
    List<Unchecked> unchecked = new ArrayList<>();
    Map<TableName, Long> rows = checking.rows(unchecked);
    issues.add(
        new Issue(
            Selection.COUNTS,
            "checks",
            unchecked.isEmpty() ? CheckStatus.PASSED : CheckStatus.NOT_CHECKED,
            Severity.ERROR,
            "how many rows each table has",
            null,
            0,
            0,
            List.of(),
            unchecked.size(),
            unchecked.subList(0, Math.min(10, unchecked.size())),
            null,
            Duration.ofNanos(System.nanoTime() - begin).toMillis()));
    return IntegrityReport.named(rows);
  }

  private List<CheckResult> rules(
      Settings settings,
      IntegrityRequest request,
      Selection selection,
      Scope scope,
      Progress progress) {
    return new Rules(
            () -> databases.open(settings.target()),
            request.ruleTimeout(),
            settings.lockTimeout(),
            request.maxRows(),
            progress)
        .run(selection.rules(), scope.schemas());
  }

  /** Nothing that was looked at is no promise that was kept. */
  private static Failure nothingOf(String app, Scope scope) {
    return Failure.usage(
        "the app %s has no table and no view in this database; looked at: %s"
            .formatted(app, String.join(", ", scope.schemas())),
        "correct schemas and tables of the app in belay.yaml, or check another database");
  }

  private static List<String> notes(Checking checking, Database session, Scope scope) {
    List<String> notes = new ArrayList<>();
    if (checking.isWithoutRelations()) {
      notes.add(
          scope.schemas().isEmpty()
              ? "the database has no table and no view, so there was nothing to check"
              : "the app has no table and no view in this database, so no row was checked");
    }
    try {
      checking.dropped(session).stream()
          .map(name -> name.plain() + " was dropped while it was checked")
          .forEach(notes::add);
    } catch (Failure lost) {
      notes.add("the session was lost before the end: " + lost.message());
    }
    return notes;
  }
}
