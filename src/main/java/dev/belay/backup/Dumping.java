package dev.belay.backup;

import dev.belay.archive.BackupDraft;
import dev.belay.archive.DumpFacts;
import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.archive.ToolLog;
import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.core.Together;
import dev.belay.integrity.Content;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.LargeObjects;
import dev.belay.integrity.SequenceState;
import dev.belay.integrity.Sequences;
import dev.belay.integrity.TableShape;
import dev.belay.pgtools.DumpRequest;
import dev.belay.pgtools.DumpResult;
import dev.belay.pgtools.DumpSelection;
import dev.belay.pgtools.PgDump;
import dev.belay.pgtools.Tool;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.postgres.Snapshot;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes one backup: pg_dump and the fingerprints look at the same snapshot at the same time, so
 * that the manifest says what is in the dump, whatever is written meanwhile.
 */
final class Dumping {
  private final GuardedRun run;
  private final Settings settings;
  private final Progress progress;
  private final BackupRequest request;
  private final ServerInfo server;
  private final Tool tool;

  Dumping(GuardedRun run, BackupRequest request, ServerInfo server, Tool tool) {
    this.run = run;
    this.settings = run.settings();
    this.progress = run.progress();
    this.request = request;
    this.server = server;
    this.tool = tool;
  }

  /**
   * Dumps, and publishes.
   *
   * @param wanted the tables that the backup is to hold
   * @throws Failure whatever stops it; nothing is published then
   */
  StoredBackup run(
      DumpSelection selection, Predicate<TableName> wanted, String version, Instant begin) {
    try (BackupDraft draft =
            BackupDraft.begin(
                settings.folders().backups(),
                settings.target().database(),
                begin,
                run.run(),
                settings.target().toString(),
                progress::warn);
        Snapshot snapshot = Snapshot.take(run.databases(), settings.target())) {
      Instant takenAt = Instant.now();
      FailPoint.reached("backup-snapshot");
      Facts facts = Facts.of(snapshot.database(), server, settings.apps());
      List<TableShape> tables =
          Fingerprints.tables(snapshot.database()).shapes().stream()
              .filter(table -> wanted.test(table.name()))
              .toList();
      String probe = Fingerprints.probe(snapshot.database());
      List<SequenceState> before = sequences(snapshot.database(), wanted);
      Both both = dumpAndMeasure(draft, snapshot, selection, tables);
      List<SequenceState> after = sequences(snapshot.database(), wanted);
      refuseReplaced(snapshot.database(), wanted);
      Content content =
          Content.of(
              probe,
              both.measured().fingerprints(),
              Sequences.expected(before, after),
              both.measured().largeObjects());
      // From here on nobody needs the moment any more; held, it would keep VACUUM from its work.
      snapshot.close();
      progress.step("writing everything to the disk, with checksums");
      try (Progress.Bar bar = progress.bar("checksums", both.dump().bytes(), "bytes")) {
        return draft.publish(
            request.pin(),
            (id, files) ->
                new Manifest(
                    Manifest.VERSION,
                    id,
                    version,
                    begin,
                    takenAt,
                    Duration.between(begin, Instant.now()).toMillis(),
                    request.description(),
                    request.selection(),
                    facts.database(),
                    facts.server(),
                    dumpFacts(both.dump()),
                    content,
                    facts.extensions(),
                    facts.roles(),
                    facts.migrations(),
                    files),
            bar::advance);
      }
    }
  }

  /** TRUNCATE and rewrites show through in a snapshot, so the two may not have seen the same. */
  private static void refuseReplaced(Database session, Predicate<TableName> wanted) {
    List<TableName> replaced = Fingerprints.replacedSince(session).stream().filter(wanted).toList();
    if (!replaced.isEmpty()) {
      throw Failure.failed(
          "while the backup was made, somebody truncated, rewrote or dropped "
              + replaced.stream().map(TableName::plain).collect(Collectors.joining(", ")),
          "run it again when nobody changes the schema");
    }
  }

  private static List<SequenceState> sequences(Database session, Predicate<TableName> wanted) {
    return Sequences.of(session).stream().filter(state -> wanted.test(state.name())).toList();
  }

  private record Measured(Map<TableName, Fingerprint> fingerprints, LargeObjects largeObjects) {}

  private record Both(DumpResult dump, Measured measured) {}

  /** The first of the two that fails ends the other. */
  private Both dumpAndMeasure(
      BackupDraft draft, Snapshot snapshot, DumpSelection selection, List<TableShape> tables) {
    AtomicReference<DumpResult> dump = new AtomicReference<>();
    AtomicReference<Measured> measured = new AtomicReference<>();
    Together.run(
        "the backup",
        List.of(
            () -> dump.set(dump(draft, snapshot, selection)),
            () -> measured.set(measure(snapshot, tables))));
    return new Both(Objects.requireNonNull(dump.get()), Objects.requireNonNull(measured.get()));
  }

  private Measured measure(Snapshot snapshot, List<TableShape> tables) {
    long bytes = tables.stream().mapToLong(TableShape::bytes).sum();
    Map<TableName, Fingerprint> fingerprints;
    try (Progress.Bar bar = progress.bar("fingerprints", bytes, "bytes")) {
      // pg_dump has two processes for each job; with as many sessions it would end much later.
      int sessions = Math.max(1, request.jobs() / 2);
      fingerprints = Fingerprints.measure(tables, snapshot::worker, sessions, bar);
    } catch (Failure failure) {
      throw orDamage(failure);
    }
    if (request.selection().isPresent()) {
      return new Measured(fingerprints, new LargeObjects(0, Optional.empty()));
    }
    try (Database session = snapshot.worker()) {
      LargeObjects objects = LargeObjects.of(session);
      if (objects.count() > 0 && objects.content().isEmpty()) {
        progress.warn(
            "large objects are counted and not compared: the role %s may not read pg_largeobject"
                .formatted(settings.target().user()));
      }
      return new Measured(fingerprints, objects);
    }
  }

  /** The same finding whether pg_dump or the fingerprints come upon it first. */
  private static Failure orDamage(Failure failure) {
    return SqlState.DATA_CORRUPTED.isOf(failure) || SqlState.INDEX_CORRUPTED.isOf(failure)
        ? Failure.findings(
                failure.message() + " (the database itself is damaged)",
                "do not write to it any more; copy its data directory, then restore the last good"
                    + " backup: belay list-backups")
            .causedBy(failure)
        : failure;
  }

  private DumpResult dump(BackupDraft draft, Snapshot snapshot, DumpSelection selection) {
    String output = request.recipients().isEmpty() ? DumpFacts.FOLDER : DumpFacts.ENCRYPTED_FILE;
    ToolLog log = ToolLog.of(settings.folders().journal(), "pg_dump", run.run());
    Cleanup.Pending removal = Cleanup.register(log::discard);
    try (Progress.Bar bar = progress.bar("dump", 0, "bytes")) {
      DumpResult result =
          new PgDump(run.databases())
              .run(
                  new DumpRequest(
                      settings.target(),
                      run.run(),
                      server,
                      snapshot.database().pooler(),
                      tool,
                      snapshot.id(),
                      request.jobs(),
                      request.compression(),
                      selection,
                      request.recipients(),
                      draft.folder().resolve(output),
                      log.file(),
                      request.stallTimeout()),
                  bar::show);
      draft.take(log);
      return result;
    } finally {
      // Who interrupts the program wants nothing left; who sees it fail wants to know why.
      if (!Cleanup.interrupted()) {
        removal.cancel();
      }
    }
  }

  private DumpFacts dumpFacts(DumpResult dump) {
    boolean plain = request.recipients().isEmpty();
    return new DumpFacts(
        plain ? DumpFacts.FOLDER : DumpFacts.ENCRYPTED_FILE,
        plain ? "directory" : "age",
        dump.compression().toString(),
        dump.tool().version(),
        dump.tool().major(),
        plain ? request.jobs() : 1,
        request.recipients().keys());
  }
}
