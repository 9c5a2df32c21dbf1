package dev.belay.drill;

import dev.belay.archive.BackupStore;
import dev.belay.archive.DurableFiles;
import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.backup.SoundnessQueries;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.integrity.ContentVerdict;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.rehearse.AppRehearsal;
import dev.belay.rehearse.BackupRehearsal;
import dev.belay.rehearse.Origin;
import dev.belay.rehearse.ReportFile;
import dev.belay.scratch.ScratchReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves the whole chain: a backup, its restore, the migrations since, their undo. What breaks in
 * one part keeps no other from being tried. The live database is only read.
 */
final class Drill {
  private static final int KEPT_REPORTS = 60;

  /** So many backups are tried when the newer ones are damaged. */
  private static final int TRIED = 3;

  private final Settings settings;
  private final Databases databases;
  private final DrillRequest request;
  private final PostgresTools tools;
  private final Progress progress;
  private final Phases phases;
  private final List<String> notes = new ArrayList<>();
  private final List<AppRehearsal> apps = new ArrayList<>();
  private final Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private @Nullable StoredBackup restored;
  private @Nullable Origin origin;

  /**
   * @param databases sessions with the live database
   * @param environment for finding pg_restore
   */
  Drill(
      Settings settings,
      Databases databases,
      DrillRequest request,
      Map<String, String> environment,
      Progress progress) {
    this.settings = settings;
    this.databases = databases;
    this.request = request;
    this.tools = new PostgresTools(settings.postgresPrograms(), environment);
    this.progress = progress;
    this.phases = new Phases(progress);
  }

  private String live() {
    return settings.target().database();
  }

  /**
   * Drills.
   *
   * @throws Failure UNAVAILABLE when the live database, or the server of scratch databases, is not
   *     to be reached
   */
  DrillReport run() {
    long liveBytes;
    ScratchReplay replay;
    try (Database session = databases.open(settings.target()).readingOnly()) {
      liveBytes =
          session.number("select pg_catalog.pg_database_size(pg_catalog.current_database())");
      replay = ScratchReplay.open(settings, session, List.of(), progress);
    }
    try (replay) {
      Optional<BackupRehearsal> copy = restored(replay, liveBytes);
      if (copy.isEmpty()) {
        copy =
            phases.phase(
                "copy the live database instead",
                "",
                () ->
                    new Phases.Found<>(
                        BackupRehearsal.ofLive(
                            settings,
                            databases,
                            replay,
                            tools,
                            liveBytes,
                            request.jobs(),
                            progress,
                            notes),
                        List.of()));
      }
      if (copy.isPresent()) {
        try {
          chain(copy.get());
        } finally {
          close(copy.get());
        }
      }
    }
    return finished();
  }

  /** What cannot be dropped now, the next run drops; what was found out is told all the same. */
  private void close(BackupRehearsal copy) {
    try {
      copy.close();
    } catch (Failure stays) {
      notes.add("the copy could not be dropped, which the next run does: " + stays.message());
    }
  }

  /** The newest that can be restored; those that cannot are findings. */
  private Optional<BackupRehearsal> restored(ScratchReplay replay, long liveBytes) {
    for (StoredBackup backup : candidates()) {
      if (backup.problem().isPresent()) {
        phases.failed("backup", backup.id(), "it is broken: " + backup.problem().get());
        continue;
      }
      Manifest manifest = backup.manifest();
      if (!manifest.database().name().equals(live())) {
        phases.failed(
            "backup",
            backup.id(),
            "it is of %s, and the target is %s".formatted(manifest.database().name(), live()));
        continue;
      }
      if (!manifest.isComplete()) {
        phases.failed("backup", backup.id(), "it holds only a part of its database");
        continue;
      }
      if (phases.phase("checksums", backup.id(), () -> checksums(backup)).isEmpty()) {
        continue;
      }
      Optional<BackupRehearsal> copy =
          phases.phase("restore", backup.id(), () -> restore(replay, backup, liveBytes));
      if (copy.isPresent()) {
        restored = backup;
        origin = copy.get().origin();
        proven(backup, Level.RESTORED, copy.get());
        return copy;
      }
      if (phases.last().outcome() == Phase.Outcome.NOT_CHECKED) {
        // What is missing around one is missing around the others.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Of the target, and those of which nobody knows of what they are; the newest first. */
  private List<StoredBackup> candidates() {
    BackupStore store = new BackupStore(settings.folders().backups());
    if (!request.backup().equals(BackupStore.LATEST)) {
      return List.of(store.find(request.backup()));
    }
    List<StoredBackup> all = store.list();
    List<StoredBackup> found = new ArrayList<>();
    for (StoredBackup each : all) {
      boolean ours =
          each.foundManifest()
              .map(
                  manifest ->
                      manifest.database().name().equals(live())
                          && (manifest.isComplete() || each.problem().isPresent()))
              .orElse(true);
      if (ours && found.size() < TRIED) {
        found.add(each);
      }
    }
    if (found.isEmpty()) {
      phases.failed(
          "backup",
          "",
          all.isEmpty()
              ? "there is no backup in %s: make one with belay create-backup"
                  .formatted(store.root())
              : "none of the %d backups in %s is a whole one of %s: make one with belay create-backup"
                  .formatted(all.size(), store.root(), live()));
    }
    return found;
  }

  private Phases.Found<Boolean> checksums(StoredBackup backup) {
    List<String> problems;
    try (Progress.Bar bar =
        progress.bar("checksums of " + backup.id(), backup.manifest().totalBytes(), "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    if (!problems.isEmpty()) {
      attempt(() -> backup.disproven(Level.CHECKSUMMED));
    }
    return new Phases.Found<>(true, problems);
  }

  private Phases.Found<BackupRehearsal> restore(
      ScratchReplay replay, StoredBackup backup, long liveBytes) {
    try {
      BackupRehearsal copy =
          BackupRehearsal.restore(
              settings,
              databases,
              replay,
              tools,
              backup,
              liveBytes,
              request.jobs(),
              progress,
              notes);
      FailPoint.reached("drill-restored");
      return new Phases.Found<>(copy, List.of());
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.FINDINGS) {
        attempt(() -> backup.disproven(Level.RESTORED));
      }
      throw failure;
    }
  }

  /** What was found out counts also where it cannot be written down. */
  private void attempt(Runnable note) {
    try {
      note.run();
    } catch (Failure cannot) {
      progress.warn("what was found out was not written down: " + cannot.message());
    }
  }

  private void proven(StoredBackup backup, Level level, BackupRehearsal copy) {
    Origin made = copy.origin();
    attempt(
        () -> {
          String version;
          try (Database session = databases.open(settings.maintenance())) {
            version = ServerInfo.of(session).version();
          }
          backup.proven(
              new Proof(
                  level,
                  Instant.now(),
                  made.restoreMillis(),
                  made.verificationMillis(),
                  Optional.of(version),
                  Optional.of(request.jobs())));
        });
  }

  private void chain(BackupRehearsal copy) {
    for (AppSettings app : settings.apps()) {
      phases.phase(
          "migrations and undo",
          "app " + app.name(),
          () -> {
            AppRehearsal done = copy.app(app);
            apps.add(done);
            List<String> findings = new ArrayList<>();
            done.migrations().stream()
                .filter(each -> !each.verdict().isGood())
                .forEach(
                    each ->
                        findings.add(
                            "%s: %s: %s"
                                .formatted(
                                    each.migration(),
                                    each.verdict().words(),
                                    String.join("; ", each.reasons()))));
            return new Phases.Found<>(true, findings);
          });
    }
    StoredBackup backup = restored;
    if (backup == null) {
      return;
    }
    if (apps.stream().allMatch(AppRehearsal::proven) && apps.size() == settings.apps().size()) {
      phases.phase(
          "verification",
          backup.id(),
          () -> {
            ContentVerdict verdict = copy.content(backup.manifest());
            verdict
                .notComparable()
                .ifPresent(why -> notes.add("rows were counted, and not compared: " + why));
            return new Phases.Found<>(true, verdict.differences());
          });
    } else {
      notes.add(
          "what is there after the undo was not compared with the backup as a whole, since not"
              + " every migration is back");
    }
    if (request.amcheck()) {
      sound(copy, backup);
    }
  }

  private void sound(BackupRehearsal copy, StoredBackup backup) {
    boolean[] available = new boolean[1];
    Optional<Boolean> passed =
        phases.phase(
            "amcheck",
            backup.id(),
            () -> {
              try (Database session = copy.session()) {
                available[0] = SoundnessQueries.isAvailable(session);
                return new Phases.Found<>(
                    true, available[0] ? SoundnessQueries.findings(session, progress) : List.of());
              }
            });
    if (passed.isPresent() && !available[0]) {
      phases.lastIsSkipped(
          "the extension amcheck is not installed on the server, or this role may not create it");
    } else if (passed.isPresent()) {
      proven(backup, Level.SOUND, copy);
    } else if (phases.last().outcome() == Phase.Outcome.FAILED) {
      attempt(() -> backup.disproven(Level.SOUND));
    }
  }

  private DrillReport finished() {
    DrillHistory history = new DrillHistory(settings.folders().migrationMonitoring());
    String database = settings.target().toString();
    List<Phase> all = phases.all();
    int findings =
        (int) all.stream().filter(each -> each.outcome() == Phase.Outcome.FAILED).count();
    boolean proven = DrillReport.of(all) == ExitCode.OK;
    Optional<Origin> made = Optional.ofNullable(origin);
    DrillRecord record =
        new DrillRecord(
            begun,
            database,
            Optional.ofNullable(restored).map(StoredBackup::id),
            proven,
            findings,
            made.map(Origin::copyBytes).orElse(0L),
            made.flatMap(Origin::restoreMillis).orElse(0L),
            made.flatMap(Origin::verificationMillis).orElse(0L),
            apps.stream().mapToLong(AppRehearsal::upMillis).sum(),
            apps.stream().mapToLong(AppRehearsal::undoMillis).sum());
    Optional<Trend> trend = Optional.empty();
    try {
      history.add(record);
      trend = Trend.of(history.of(database));
    } catch (Failure cannot) {
      notes.add("the history was not written: " + cannot.message());
    }
    DrillReport report =
        new DrillReport(
            database,
            begun,
            Optional.ofNullable(restored).map(StoredBackup::id),
            Optional.ofNullable(restored).map(StoredBackup::takenAt),
            all,
            apps,
            record,
            trend,
            notes.stream().distinct().toList(),
            List.of());
    return write(report);
  }

  private DrillReport write(DrillReport report) {
    try {
      List<Path> files =
          new ReportFile(settings.folders().migrationMonitoring(), "drill", KEPT_REPORTS)
              .write(live(), begun, report, ".md", DrillMarkdown.of(report));
      return report.in(files.stream().map(Path::toString).toList());
    } catch (IOException cannot) {
      progress.warn("the report was not written: " + DurableFiles.reason(cannot));
      return report;
    }
  }
}
