package dev.belay.reconcile;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Replaced;
import dev.belay.swap.ReplacedDoor;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

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
      ReconcileReport report;
      try (ScratchCopy copy = restore(backup, timeline)) {
        FailPoint.reached("reconcile-restored");
        report = reconcile(backup, replaced, copy, timeline, lock, journal);
      } catch (Failure failure) {
        if (failure.exitCode() == ExitCode.INCOMPLETE) {
          journal.leaveOpen();
        }
        throw failure;
      }
      ReconcileReport written = write(report);
      journal.end(report.exitCode().name());
      return written;
    }
  }

  private int steps() {
    return 3 + (request.fromReplaced() ? 1 : 0) + (request.dryRun() ? 0 : 2);
  }

  private Optional<Replaced> replaced() {
    if (!request.fromReplaced()) {
      return Optional.empty();
    }
    try (Database session = run.openMaintenance()) {
      return Optional.of(ReplacedSource.choose(session, run.live(), request.from()));
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

  private ReconcileReport reconcile(
      StoredBackup backup,
      Optional<Replaced> replaced,
      ScratchCopy copy,
      Timeline timeline,
      OperationLock lock,
      Journal journal) {
    if (replaced.isEmpty()) {
      Source source = Source.ofBackup(backup.id(), copy);
      return merged(backup, source, wanted(source.relations()), timeline, lock, List.of());
    }
    Replaced kept = replaced.get();
    ReplacedDoor door = new ReplacedDoor(run, journal, kept);
    try (Snapshot snapshot = Snapshot.take(door, door.target())) {
      Predicate<TableName> wanted = wanted(Relations.of(snapshot.database()));
      Source source =
          timeline.step(
              "count what was written to %s after the backup".formatted(kept.name()),
              () ->
                  ReplacedSource.open(
                      snapshot,
                      kept,
                      backup.id(),
                      copy,
                      wanted,
                      Reconciling.comparison(request),
                      run.progress()),
              Reconcile::counted);
      return merged(
          backup,
          source,
          wanted,
          timeline,
          lock,
          kept.open()
              ? List.of(kept.name() + " accepts connections: somebody opened it by hand")
              : List.of(
                  "%s was open for logins for %s in all, and is closed"
                      .formatted(kept.name(), Units.duration(door.open()))));
    }
  }

  private static String counted(Source source) {
    long added = source.written().values().stream().mapToLong(Written::added).sum();
    long changed = source.written().values().stream().mapToLong(Written::changed).sum();
    long removed = source.written().values().stream().mapToLong(Written::removed).sum();
    return "%s added, %s changed, %s removed"
        .formatted(Units.count(added, "row", "rows"), Units.count(changed), Units.count(removed));
  }

  private Predicate<TableName> wanted(List<Relation> known) {
    return Matching.wanted(request.tables(), run.settings().apps(), known);
  }

  private ReconcileReport merged(
      StoredBackup backup,
      Source source,
      Predicate<TableName> wanted,
      Timeline timeline,
      OperationLock lock,
      List<String> notes) {
    Reconciling reconciling =
        new Reconciling(run, request, timeline, consent, lock, source, wanted);
    Reconciling.Answer answer = reconciling.run();
    List<String> remaining = new ArrayList<>(Remains.of(request, answer.pass(), answer.missing()));
    List<Checked> checks = List.of();
    if (answer.agreed()) {
      checks =
          timeline.step(
              "check foreign keys, constraints and sequences",
              () -> FinalChecks.of(run, request.jobs(), wanted),
              FinalChecks::words);
      checks.stream()
          .filter(check -> check.problems() > 0)
          .forEach(
              check ->
                  remaining.add(
                      "%s: %s"
                          .formatted(
                              Units.count(check.problems(), "problem", "problems"),
                              check.complaint())));
    }
    List<String> all = new ArrayList<>(notes);
    if (!answer.onlyTarget().isEmpty()) {
      all.add("only in the target, and not compared: " + String.join(", ", answer.onlyTarget()));
    }
    return new ReconcileReport(
        run.target().toString(),
        backup.id(),
        backup.takenAt(),
        !answer.agreed(),
        begin,
        Duration.ofNanos(System.nanoTime() - from).toMillis(),
        List.of(answer.pass()),
        answer.missing(),
        remaining,
        checks,
        timeline.phases(),
        Onwards.of(request, backup.id(), answer, remaining),
        all,
        null,
        null);
  }

  /** What was done is done: a report that cannot be written makes no failure of it. */
  private ReconcileReport write(ReconcileReport report) {
    try {
      return new ReportFolder(run.settings().folders().reconciliationReports()).write(report);
    } catch (Failure cannot) {
      if (!report.databaseChanged()) {
        throw cannot;
      }
      run.progress().warn(cannot.message());
      return report;
    }
  }
}
