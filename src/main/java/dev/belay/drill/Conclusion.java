package dev.belay.drill;

import dev.belay.archive.DrillHistory;
import dev.belay.archive.DrillRecord;
import dev.belay.archive.DurableFiles;
import dev.belay.archive.StoredBackup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.rehearse.AppRehearsal;
import dev.belay.rehearse.Origin;
import dev.belay.rehearse.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a drill came to: the report, its files, and the history with its trend. */
final class Conclusion {
  private static final int KEPT_REPORTS = 60;

  private final DrillGround ground;
  private final Instant begun;

  Conclusion(DrillGround ground, Instant begun) {
    this.ground = ground;
    this.begun = begun;
  }

  /**
   * Tells it.
   *
   * @param restored the backup that was restored; empty: none was
   * @param made how its copy was made; empty: there is none
   * @param apps what was tried of each app
   */
  DrillReport of(Optional<StoredBackup> restored, Optional<Origin> made, List<AppRehearsal> apps) {
    DrillHistory history = new DrillHistory(ground.settings().folders().migrationMonitoring());
    String database = ground.settings().target().toString();
    List<Phase> all = ground.phases().all();
    int findings =
        (int) all.stream().filter(each -> each.outcome() == Phase.Outcome.FAILED).count();
    boolean proven = DrillReport.of(all) == ExitCode.OK;
    DrillRecord record =
        new DrillRecord(
            begun,
            database,
            restored.map(StoredBackup::id),
            proven,
            findings,
            made.map(Origin::copyBytes).orElse(0L),
            made.flatMap(Origin::restoreMillis).orElse(0L),
            made.flatMap(Origin::verificationMillis).orElse(0L),
            apps.stream().mapToLong(AppRehearsal::upMillis).sum(),
            apps.stream().mapToLong(AppRehearsal::undoMillis).sum());
    Optional<Trend> trend = Optional.empty();
    try {
      List<DrillRecord> drills = new ArrayList<>(history.of(database));
      drills.add(record);
      trend = Trend.of(drills);
    } catch (Failure cannot) {
      ground.notes().add("the trend is not known: " + cannot.message());
    }
    DrillReport report =
        write(
            new DrillReport(
                database,
                begun,
                restored.map(StoredBackup::id),
                restored.map(StoredBackup::takenAt),
                all,
                apps,
                record,
                trend,
                ground.notes().stream().distinct().toList(),
                List.of()));
    try {
      history.add(record);
      return report;
    } catch (Failure cannot) {
      return report.noting("the history was not written: " + cannot.message());
    }
  }

  private DrillReport write(DrillReport report) {
    try {
      List<Path> files =
          new ReportFile(ground.settings().folders().migrationMonitoring(), "drill", KEPT_REPORTS)
              .write(ground.live(), begun, report, ".md", DrillMarkdown.of(report));
      return report.in(files.stream().map(Path::toString).toList());
    } catch (IOException cannot) {
      ground.progress().warn("the report was not written: " + DurableFiles.reason(cannot));
      return report;
    }
  }
}
