package dev.belay.reconcile;

import dev.belay.cli.Progress;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.dataset.ExportLoading;
import dev.belay.dataset.ExportShape;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.Side;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.process.ShellWords;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rows of an export in a scratch database whose tables are those of the backup, so that the two
 * can be compared with each other and with the target by any policy.
 */
final class ExportCopy implements AutoCloseable {
  private final ScratchDatabase database;
  private final Snapshot snapshot;
  private final Set<TableName> loaded;
  private final Set<TableName> partial;
  private final List<String> notes;
  private final Progress progress;

  private ExportCopy(
      ScratchDatabase database,
      Snapshot snapshot,
      Set<TableName> loaded,
      Set<TableName> partial,
      List<String> notes,
      Progress progress) {
    this.database = database;
    this.snapshot = snapshot;
    this.loaded = Set.copyOf(loaded);
    this.partial = Set.copyOf(partial);
    this.progress = progress;
    this.notes = List.copyOf(notes);
  }

  /**
   * Checks the export's checksum and loads its rows.
   *
   * @param copy the backup, of which nobody has asked for the snapshot yet
   * @throws Failure USAGE when rows are to be removed that the export may only have left out,
   *     FINDINGS when it is damaged, REFUSED when it has no checksum or is of another database,
   *     UNAVAILABLE when it cannot be read
   */
  static ExportCopy load(Path file, ReconcileRequest request, GuardedRun run, ScratchCopy copy) {
    long size = size(file);
    try (Progress.Bar bar = run.progress().bar("checksum of " + file.getFileName(), size, "bytes");
        ExportFile export = ExportFile.open(file, true, bar::advance)) {
      if (!export.header().database().equals(run.live())) {
        throw Failure.refused(
            "the export %s is of %s, and the target is %s"
                .formatted(file, export.header().database(), run.live()),
            "name an export of the target");
      }
      refusePartialRemovals(export, file, request, run);
      ScratchDatabase database = copy.twin("reconcile-data " + file.getFileName());
      try {
        FailPoint.reached("reconcile-export");
        return load(export, file, database, run);
      } catch (Throwable broken) {
        database.close();
        throw broken;
      }
    }
  }

  /** What a condition left out of the export was not removed. */
  private static void refusePartialRemovals(
      ExportFile export, Path file, ReconcileRequest request, GuardedRun run) {
    if (!request.removals()) {
      return;
    }
    Predicate<TableName> wanted = Matching.wanted(request.tables(), run.settings().apps());
    List<String> partial =
        export.header().tables().stream()
            .filter(table -> table.condition().isPresent() && wanted.test(table.name()))
            .map(table -> table.name().plain())
            .toList();
    if (!partial.isEmpty()) {
      throw Failure.usage(
          "--removals would remove every row that the condition of the export %s left out: %s"
              .formatted(file, String.join(", ", partial)),
          "leave --removals out, or name an export that was made without --where");
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException missing) {
      // Opening it says so.
      return 0;
    }
  }

  private static ExportCopy load(
      ExportFile export, Path file, ScratchDatabase database, GuardedRun run) {
    Set<TableName> loaded = new HashSet<>();
    Set<TableName> partial = new HashSet<>();
    List<String> notes = new ArrayList<>();
    try (Database session = run.databases().open(database.target())) {
      ExportCopyQueries.loosen(session);
      LiveTables live = LiveTables.of(session);
      ExportLoading loading = new ExportLoading(session);
      export.read(
          rows -> {
            Optional<LiveTable> table = ExportShape.live(rows.table(), live);
            if (table.isEmpty()) {
              notes.add(
                  "%s of the export is not in the backup, and was not compared; to bring it: belay %s"
                      .formatted(
                          rows.table().name().plain(),
                          ShellWords.join(
                              List.of(
                                  "import-data",
                                  file.toString(),
                                  "--table",
                                  rows.table().name().plain()))));
              return;
            }
            ExportLoading.Staged staged = loading.load(rows, table.get());
            ExportCopyQueries.take(session, staged);
            staged.drop(session);
            loaded.add(staged.live().name());
            rows.table()
                .condition()
                .ifPresent(
                    condition -> {
                      partial.add(staged.live().name());
                      notes.add(
                          "the export has only some rows of %s: %s"
                              .formatted(rows.table().name().plain(), condition));
                    });
          });
      session.execute("analyze");
    }
    return new ExportCopy(
        database,
        Snapshot.take(run.databases(), database.target()),
        loaded,
        partial,
        notes,
        run.progress());
  }

  /** The export as a source, with the backup as the common ancestor. */
  Source source(Path file, String backup, ScratchCopy copy, DiffOptions options) {
    Map<TableName, Relation> then = Matching.byName(Relations.of(copy.snapshot().database()));
    List<Relation> tables =
        Relations.of(snapshot.database()).stream()
            .filter(relation -> loaded.contains(relation.name()))
            .toList();
    Map<TableName, Written> written =
        WrittenSince.of(
            Side.of(snapshot),
            Side.of(copy.snapshot()),
            tables,
            then,
            Relation::bytes,
            options,
            progress);
    partial.forEach(
        table ->
            written.computeIfPresent(
                table, (name, all) -> new Written(all.added(), all.changed(), 0)));
    return new Source(
        Origin.EXPORT,
        String.valueOf(file.getFileName()),
        snapshot,
        tables,
        Optional.of(new Source.Base(backup, Side.of(copy.snapshot()), then)),
        written,
        List.of());
  }

  /** What a person should know. */
  List<String> notes() {
    return notes;
  }

  /** What was loaded, in words. */
  String words() {
    return Units.count(loaded.size(), "table", "tables");
  }

  /** Drops the database. */
  @Override
  public void close() {
    try {
      snapshot.close();
    } finally {
      database.close();
    }
  }
}
