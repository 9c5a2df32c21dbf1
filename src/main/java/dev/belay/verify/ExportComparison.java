package dev.belay.verify;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.dataset.ExportFile;
import dev.belay.dataset.ExportHeader;
import dev.belay.dataset.ExportLoading;
import dev.belay.dataset.ExportRows;
import dev.belay.dataset.ExportShape;
import dev.belay.dataset.ExportedTable;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.dataset.ShapeDifference;
import dev.belay.diff.Difference;
import dev.belay.diff.LocalDiff;
import dev.belay.diff.Pair;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.TableDiff;
import dev.belay.integrity.Unchecked;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the data with an export, row by row: each table of the export is loaded into a temporary
 * table, which is dropped again. For one use.
 */
final class ExportComparison {
  private final Database session;
  private final Scope scope;
  private final int most;
  private final Progress progress;
  private final List<TableDifference> tables = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Unchecked> unchecked = new ArrayList<>();
  private long rows;
  private int compared;

  /**
   * @param session of its own, in which temporary tables are made
   * @param most how many rows of each table and kind are shown
   */
  ExportComparison(Database session, Scope scope, int most, Progress progress) {
    this.session = session;
    this.scope = scope;
    this.most = most;
    this.progress = progress;
  }

  /**
   * Compares.
   *
   * @return also when the export turns out to be damaged or the server is lost on the way: what was
   *     found until then, and that the rest was not compared
   * @throws Failure UNAVAILABLE when the server is lost before the first table
   */
  DataComparison with(ExportFile export) {
    long begin = System.nanoTime();
    notes(export.header());
    LiveTables live = LiveTables.of(session);
    ExportLoading loading = new ExportLoading(session);
    try (Progress.Bar bar = progress.bar("comparing with the export", export.bytes(), "bytes")) {
      export.read(
          found -> {
            if (scope.has(found.table().name())) {
              attempt(found, live, loading);
            }
          },
          bar::advance);
    } catch (Failure failure) {
      // What was found until here stays.
      if (failure.exitCode() == ExitCode.FINDINGS) {
        differences.add("the export is damaged: " + failure.message());
      }
      unchecked.add(new Unchecked("the rest of the export", failure.message(), failure.hint()));
    }
    tables.sort(Comparator.comparing(TableDifference::table));
    Collections.sort(differences);
    return DataComparison.ofExport(
        export.path().toString(),
        Units.moment(export.header().takenAt()),
        notes,
        compared,
        rows,
        tables,
        differences,
        unchecked,
        Duration.ofNanos(System.nanoTime() - begin));
  }

  private void notes(ExportHeader header) {
    String name = session.target().database();
    if (!header.database().equals(name)) {
      notes.add(
          "the export is of the database %s, and this is %s".formatted(header.database(), name));
    }
    if (ServerInfo.differ(header.systemIdentifier(), ServerInfo.systemIdentifier(session))) {
      notes.add("the export is of another server: " + header.target());
    }
  }

  /** A table that cannot be compared does not stop the others; a damaged export does. */
  private void attempt(ExportRows found, LiveTables live, ExportLoading loading) {
    ExportedTable exported = found.table();
    Optional<LiveTable> there = ExportShape.live(exported, live);
    if (there.isEmpty()) {
      differences.add("table %s is missing".formatted(exported.name().plain()));
      return;
    }
    // The temporary table has the live table's columns, and would not show it.
    ExportShape.differences(List.of(exported), new LiveTables(List.of(there.get()), List.of()))
        .stream()
        .filter(each -> each.kind() != ShapeDifference.Kind.COLUMN_ADDED)
        .forEach(each -> differences.add(each.words()));
    // One snapshot: rows that differ are read again by their place.
    session.execute("begin isolation level repeatable read");
    try {
      compare(found, there.get(), loading);
    } catch (Failure failure) {
      if (isOfAll(failure)) {
        throw failure;
      }
      unchecked.add(
          new Unchecked("table " + exported.name().plain(), failure.message(), failure.hint()));
    } finally {
      session.rollback();
    }
  }

  /** Whether no other table can be compared either: a damaged file, a session that is lost. */
  private static boolean isOfAll(Failure failure) {
    return SqlState.lostConnection(failure)
        || Cleanup.interrupted()
        || (failure.exitCode() == ExitCode.FINDINGS
            && !SqlState.UNIQUE_VIOLATION.isOf(failure)
            && !SqlState.NOT_NULL_VIOLATION.isOf(failure));
  }

  private void compare(ExportRows found, LiveTable live, ExportLoading loading) {
    Relation target = relation(live.name());
    ExportLoading.Staged staged = loading.load(found, live);
    // Rows of an export from before the key need not be told apart by it.
    if (!target.key().isEmpty()
        && staged.columns().containsAll(target.key())
        && Set.copyOf(found.table().primaryKey()).equals(Set.copyOf(target.key()))) {
      loading.key(staged, target.key());
    }
    Pair pair = Pair.of(relation(staged.staging()), target);
    // An export of some rows says nothing of the others.
    boolean whole = found.table().condition().isEmpty();
    Map<Difference.Kind, List<Difference>> first = new EnumMap<>(Difference.Kind.class);
    TableDiff diff;
    try (Progress.Bar quiet = progress.bar("comparing " + live.name().plain(), 0, "rows")) {
      diff =
          LocalDiff.table(
              session,
              pair,
              staged.staging(),
              some -> some.forEach(each -> keep(first, each)),
              quiet);
    }
    List<String> shown = new ArrayList<>();
    first.forEach(
        (kind, some) -> {
          if (whole || kind != Difference.Kind.EXTRA) {
            some.forEach(
                each ->
                    shown.add(
                        ExportComparisonQueries.words(session, pair, staged.staging(), each)));
          }
        });
    staged.drop(session);
    TableDifference difference =
        new TableDifference(
            live.name().plain(),
            diff.sourceRows(),
            diff.targetRows(),
            diff.missing(),
            whole ? diff.extra() : 0,
            diff.changed(),
            shown);
    if (difference.count() > 0) {
      tables.add(difference);
    }
    pair.differences().forEach(words -> differences.add(live.name().plain() + ": " + words));
    if (!whole) {
      notes.add(
          "the export has only those rows of %s for which %s"
              .formatted(live.name().plain(), found.table().condition().orElse("")));
    }
    rows += diff.targetRows();
    compared++;
  }

  private void keep(Map<Difference.Kind, List<Difference>> first, Difference difference) {
    List<Difference> some = first.computeIfAbsent(difference.kind(), kind -> new ArrayList<>());
    if (some.size() < most) {
      some.add(difference);
    }
  }

  private Relation relation(dev.belay.core.TableName name) {
    return Relations.find(session, name)
        .orElseThrow(
            () ->
                Failure.failed(
                    "table %s is not there any more".formatted(name.plain()),
                    "run it again when nobody changes the schema"));
  }
}
