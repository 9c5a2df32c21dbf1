package dev.belay.drill;

import dev.belay.archive.BackupStore;
import dev.belay.archive.DrillHistory;
import dev.belay.archive.DrillRecord;
import dev.belay.archive.DurableFiles;
import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.backup.SoundnessQueries;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.ScratchSettings;
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
import dev.belay.rehearse.LiveFacts;
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

  /** So many backups are read when the newer ones are damaged. */
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
    LiveFacts facts;
    ScratchReplay replay;
    try (Database session = databases.open(settings.target()).readingOnly()) {
      facts = LiveFacts.of(session);
      replay = ScratchReplay.open(settings, session, List.of(), progress);
    }
    try (replay) {
      Optional<BackupRehearsal> copy = restored(replay, facts);
      if (copy.isEmpty()) {
        copy = copied(replay, facts);
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

  /**
   * Whoever connects to the live database waits while it is copied, so production is asked first.
   */
  private Optional<BackupRehearsal> copied(ScratchReplay replay, LiveFacts facts) {
    String name = "copy the live database instead";
    if (settings.isProduction() && !request.fromLive()) {
      phases.notChecked(
          name,
          "",
          "not copied: in production whoever connects would have to wait for it; --from-live copies it all the same");
      return Optional.empty();
    }
    return phases.phase(
        name,
        "",
        () ->
            new Phases.Found<>(
                BackupRehearsal.ofLive(
                    settings, databases, replay, tools, facts, request.jobs(), progress, notes),
                List.of()));
  }

  /** The newest that can be restored; those that cannot are findings. */
  private Optional<BackupRehearsal> restored(ScratchReplay replay, LiveFacts facts) {
    Candidates candidates =
        new Candidates(new BackupStore(settings.folders().backups()), live(), facts.server());
    Candidates.Found found = candidates.of(request.backup());
    notes.addAll(found.notes());
    found.none().ifPresent(why -> phases.failed("backup", "", why));
    int tried = 0;
    for (StoredBackup backup : found.backups()) {
      if (tried == TRIED) {
        notes.add("backups older than those %d were not tried".formatted(TRIED));
        return Optional.empty();
      }
      Optional<String> against =
          backup
              .problem()
              .map(problem -> "it is broken: " + problem)
              .or(() -> candidates.against(backup.manifest()));
      if (against.isPresent()) {
        phases.failed("backup", backup.id(), against.get());
        continue;
      }
      tried++;
      if (phases.phase("checksums", backup.id(), () -> checksums(backup)).isEmpty()) {
        continue;
      }
      Optional<BackupRehearsal> copy =
          phases.phase("restore", backup.id(), () -> restore(replay, backup, facts));
      if (copy.isPresent()) {
        restored = backup;
        origin = copy.get().origin();
        if (copy.get().notCompared().isEmpty()) {
          proven(backup, Level.RESTORED, copy.get());
        }
        return copy;
      }
      if (phases.last().outcome() == Phase.Outcome.NOT_CHECKED && !phases.lastWasRefused()) {
        // What is missing around one is missing around the others.
        return Optional.empty();
      }
    }
    return Optional.empty();
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
      ScratchReplay replay, StoredBackup backup, LiveFacts facts) {
    if (settings.scratch().server() == ScratchSettings.Server.SAME) {
      refuseUnreturnable(replay, backup);
    }
    try {
      BackupRehearsal copy =
          BackupRehearsal.restore(
              settings, databases, replay, tools, backup, facts, request.jobs(), progress, notes);
      FailPoint.reached("drill-restored");
      return new Phases.Found<>(
          copy,
          List.of(),
          copy.notCompared().map(why -> "it was restored, and its rows only counted: " + why));
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.FINDINGS) {
        attempt(() -> backup.disproven(Level.RESTORED));
      }
      throw failure;
    }
  }

  /** On the server that it is to return to, what is missing keeps it from being a way back. */
  private static void refuseUnreturnable(ScratchReplay replay, StoredBackup backup) {
    List<String> lacking = BackupRehearsal.lacking(replay, backup.manifest());
    if (!lacking.isEmpty()) {
      throw Failure.failed(
          "it cannot return to its server: " + String.join("; ", lacking),
          "make there what is missing, and drill again");
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
            return new Phases.Found<>(
                true,
                verdict.differences(),
                verdict.notComparable().map(why -> "rows were only counted: " + why));
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
    } else if (passed.isPresent() && copy.notCompared().isEmpty()) {
      proven(backup, Level.SOUND, copy);
    } else if (passed.isEmpty() && phases.last().outcome() == Phase.Outcome.FAILED) {
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
      List<DrillRecord> drills = new ArrayList<>(history.of(database));
      drills.add(record);
      trend = Trend.of(drills);
    } catch (Failure cannot) {
      notes.add("the trend is not known: " + cannot.message());
    }
    DrillReport report =
        write(
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
          new ReportFile(settings.folders().migrationMonitoring(), "drill", KEPT_REPORTS)
              .write(live(), begun, report, ".md", DrillMarkdown.of(report));
      return report.in(files.stream().map(Path::toString).toList());
    } catch (IOException cannot) {
      progress.warn("the report was not written: " + DurableFiles.reason(cannot));
      return report;
    }
  }
}
