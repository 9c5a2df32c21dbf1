package dev.belay.rehearse;

import dev.belay.archive.DurableFiles;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down in {@code migration_monitoring} what a rehearsal found out; that never fails it. */
final class RehearsalRecords {
  private static final int KEPT_REPORTS = 50;

  private final Settings settings;
  private final Progress progress;

  RehearsalRecords(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * So that other commands can say when a way back was proven. What could not be rehearsed says
   * nothing about a script, and puts no earlier answer out of date.
   */
  void remember(AppSettings app, Origin origin, Instant at, List<Entry> entries) {
    List<RehearsedUndo> undos = new ArrayList<>();
    for (Entry entry : entries) {
      RehearsedMigration result = entry.result();
      if (result.verdict() == Verdict.NOT_REHEARSED) {
        continue;
      }
      undos.add(
          new RehearsedUndo(
              at,
              settings.target().toString(),
              app.name(),
              result.migration(),
              result.version(),
              entry.undoSha256(),
              result.verdict().word(),
              result.rowsLost(),
              entry.undo().map(Passage::millis).orElse(-1L),
              origin.copyBytes(),
              origin.words(),
              entry.wentThereAndBack(),
              entry.script().flatMap(each -> Optional.ofNullable(each.checksum())).orElse(null),
              origin.liveBytes()));
    }
    try {
      new RehearsedUndos(settings.folders().migrationMonitoring()).add(undos);
    } catch (Failure cannot) {
      progress.warn("what was proven was not written down: " + cannot.message());
    }
  }

  /**
   * Writes a report as files.
   *
   * @return the same with their names; without any when they could not be written
   */
  RehearseReport write(RehearseReport report) {
    try {
      List<Path> files =
          new ReportFile(settings.folders().migrationMonitoring(), "rehearsal", KEPT_REPORTS)
              .write(
                  settings.target().database(),
                  report.rehearsedAt(),
                  report,
                  ".txt",
                  report.lines());
      return report.in(files.stream().map(Path::toString).toList());
    } catch (IOException cannot) {
      progress.warn("the report was not written: " + DurableFiles.reason(cannot));
      return report;
    }
  }
}
