package dev.belay.reconcile;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Replaced;
import dev.belay.swap.ReplacedDoor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings back what a restore left behind: from a backup, or from the database that the restore
 * replaced. Stopped at any moment, the same command goes on: it compares again, and what was merged
 * does not differ any more.
 */
final class Reconcile {
  private final GuardedRun run;
  private final ReconcileRequest request;
  private final PostgresTools tools;
  private final Consent consent;
  private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final long from = System.nanoTime();

  /**
   * @param environment for finding pg_restore
   */
  Reconcile(
      GuardedRun run, ReconcileRequest request, Map<String, String> environment, Consent consent) {
    this.run = run;
    this.request = request;
    this.tools = new PostgresTools(run.settings().postgresPrograms(), environment);
    this.consent = consent;
  }

  /**
   * Reconciles.
   *
   * @throws Failure FINDINGS when the backup is damaged, REFUSED when something speaks against it
   *     or it was not agreed to, FAILED when it did not work and the target is as before,
   *     INCOMPLETE when some batches were committed
   */
  ReconcileReport run() {
    run.recover();
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      Optional<Replaced> replaced = replaced();
      StoredBackup backup = backup(replaced);
      replaced.ifPresent(kept -> ReplacedSource.refuseYounger(backup, kept));
      ScratchCopy.preflight(backup, run);
      Timeline timeline = new Timeline(run.progress(), journal, steps());
      timeline.step(
          "verify the backup " + backup.id(), () -> ScratchCopy.verify(backup, run), said -> said);
      Passes passes = new Passes(run, request, timeline, consent, lock);
      List<String> notes = new ArrayList<>();
      try {
        ScratchCopy copy = restore(backup, timeline);
        passes.using(
            copy::close,
            () -> {
              FailPoint.reached("reconcile-restored");
              merge(backup, replaced, copy, timeline, journal, passes, notes);
            });
      } catch (Failure failure) {
        if (failure.exitCode() == ExitCode.INCOMPLETE) {
          journal.leaveOpen();
        }
        throw failure;
      }
      ReconcileReport report = report(backup, timeline, passes, notes);
      ReconcileReport written = write(report);
      journal.end(report.exitCode().name());
      return written;
    }
  }

  private int steps() {
    int merges = request.dryRun() ? 0 : 1;
    return 3
        + merges * 2
        + (request.fromReplaced() ? 1 : 0)
        + (request.export().isPresent() ? 2 + merges : 0);
  }

  private Optional<Replaced> replaced() {
    if (!request.fromReplaced()) {
      return Optional.empty();
    }
    try (Database session = run.openMaintenance()) {
      Replaced kept = ReplacedSource.choose(session, run.live(), request.from());
      ReplacedDoor.refuseForeign(session, kept);
      return Optional.of(kept);
    }
  }

  /** For a replaced database, the latest is the one that took its place. */
  private StoredBackup backup(Optional<Replaced> replaced) {
    BackupStore store = new BackupStore(run.settings().folders().backups());
    if (replaced.isPresent()) {
      Replaced kept = replaced.get();
      StoredBackup found =
          request.backup().equals(BackupStore.LATEST)
              ? ReplacedSource.restored(store, kept)
                  .orElseThrow(
                      () ->
                          Failure.unavailable(
                              "the backup that took the place of %s (%s) is not in %s"
                                  .formatted(kept.name(), kept.by(), store.root()),
                              "name a backup from before: belay list-backups"))
              : store.find(request.backup());
      if (!ReplacedSource.isBy(kept, found.id())) {
        run.progress()
            .warn(
                "%s was replaced by '%s', not by %s: what was written between the two backups"
                        .formatted(kept.name(), kept.by(), found.id())
                    + " counts as written by both sides");
      }
      return found;
    }
    return store.find(request.backup(), Optional.of(run.live()));
  }

  private ScratchCopy restore(StoredBackup backup, Timeline timeline) {
    return timeline.step(
        "restore it in a scratch database",
        () -> ScratchCopy.restore(backup, run, tools, request.jobs()),
        copy ->
            "%s in %s, equal to the manifest"
                .formatted(
                    Units.count(backup.manifest().content().rows(), "row", "rows"),
                    Units.count(backup.manifest().content().tables().size(), "table", "tables")));
  }

  private void merge(
      StoredBackup backup,
      Optional<Replaced> replaced,
      ScratchCopy copy,
      Timeline timeline,
      Journal journal,
      Passes passes,
      List<String> notes) {
    if (replaced.isPresent()) {
      fromReplaced(backup, replaced.get(), copy, timeline, journal, passes, notes);
    } else if (request.export().isPresent()) {
      fromExport(backup, request.export().get(), copy, timeline, passes, notes);
    } else {
      passes.merge(request, Source.ofBackup(backup.id(), copy));
    }
    passes.check();
  }

  private ReconcileReport report(
      StoredBackup backup, Timeline timeline, Passes passes, List<String> notes) {
    return new ReconcileReport(
        run.target().toString(),
        backup.id(),
        backup.takenAt(),
        !passes.agreed(),
        begin,
        Duration.ofNanos(System.nanoTime() - from).toMillis(),
        passes.all(),
        passes.missing(),
        passes.remaining(),
        passes.checks(),
        timeline.phases(),
        Onwards.of(request, backup.id(), passes),
        passes.notes(notes),
        null,
        null);
  }

  private void fromReplaced(
      StoredBackup backup,
      Replaced kept,
      ScratchCopy copy,
      Timeline timeline,
      Journal journal,
      Passes passes,
      List<String> notes) {
    ReplacedDoor door = new ReplacedDoor(run, journal, kept);
    try (Snapshot snapshot = Snapshot.take(door, door.target())) {
      Source source =
          timeline.step(
              "count what was written to %s after the backup".formatted(kept.name()),
              () ->
                  ReplacedSource.open(
                      snapshot,
                      kept,
                      backup.id(),
                      copy,
                      Matching.wanted(request.tables(), run.settings().apps()),
                      Reconciling.comparison(request),
                      run.progress()),
              Reconcile::counted);
      passes.merge(request, source);
    }
    notes.add(
        kept.open()
            ? kept.name() + " accepts connections: somebody opened it by hand"
            : "%s was open for logins for %s in all, and is closed"
                .formatted(kept.name(), Units.duration(door.open())));
  }

  private void fromExport(
      StoredBackup backup,
      Path file,
      ScratchCopy copy,
      Timeline timeline,
      Passes passes,
      List<String> notes) {
    ExportCopy export =
        timeline.step(
            "load the export " + file.getFileName(),
            () -> ExportCopy.load(file, request, run, copy),
            ExportCopy::words);
    passes.using(
        export::close,
        () -> {
          passes.merge(request.ofBackup(), Source.ofBackup(backup.id(), copy));
          Source source =
              passes.afterWriting(
                  "the rows of the export are not",
                  () -> export.source(file, backup.id(), copy, Reconciling.comparison(request)));
          passes.merge(request, source);
          notes.addAll(export.notes());
        });
    if (request.dryRun()) {
      notes.add("the second plan was made without the rows that the first would write");
    }
  }

  private static String counted(Source source) {
    long added = source.written().values().stream().mapToLong(Written::added).sum();
    long changed = source.written().values().stream().mapToLong(Written::changed).sum();
    long removed = source.written().values().stream().mapToLong(Written::removed).sum();
    return "%s added, %s changed, %s removed"
        .formatted(Units.count(added, "row", "rows"), Units.count(changed), Units.count(removed));
  }

  /** What was done is done: a report that cannot be written makes no failure of it. */
  private ReconcileReport write(ReconcileReport report) {
    try {
      return new ReportFolder(run.settings().folders().reconciliationReports())
          .write(report, run.progress()::toPaste);
    } catch (Failure cannot) {
      if (!report.databaseChanged()) {
        throw cannot;
      }
      run.progress().warn(cannot.message());
      return report;
    }
  }
}
