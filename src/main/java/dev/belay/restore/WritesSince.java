package dev.belay.restore;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.diff.Diff;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Merge;
import dev.belay.diff.MergeOptions;
import dev.belay.diff.MergeOutcome;
import dev.belay.diff.Pair;
import dev.belay.diff.Policy;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.RowSample;
import dev.belay.diff.Side;
import dev.belay.diff.TableMerge;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The live database against the restored one: what was written since the backup. It is known to the
 * row, at one moment of the live database, which goes on being written to.
 *
 * <p>Flyway's own tables are not data: carried over, they would say that migrations are applied
 * which the restored schema does not have.
 */
final class WritesSince implements AutoCloseable {
  private static final int SAMPLES = 3;

  private final Moment.Taken taken;
  private final Merge merge;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<TableMerge> differing = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private long lostRows;

  private WritesSince(Moment.Taken taken, Merge merge) {
    this.taken = taken;
    this.merge = merge;
  }

  /**
   * Compares. Nothing is changed.
   *
   * @param fresh the restored database, which nobody else uses
   */
  static WritesSince look(GuardedRun run, Target fresh, int jobs) {
    Moment.Taken taken = Moment.take(run.databases(), run.target());
    Merge merge = null;
    try {
      merge = Merge.begin(run.databases(), fresh, options(run, jobs), run.progress());
      WritesSince since = new WritesSince(taken, merge);
      since.compare(run);
      return since;
    } catch (Throwable broken) {
      if (merge != null) {
        merge.close();
      }
      taken.snapshot().close();
      throw broken;
    }
  }

  /** The application's triggers fired when the rows were written. */
  private static MergeOptions options(GuardedRun run, int jobs) {
    return new MergeOptions(
        Policy.ADD_MISSING,
        false,
        false,
        OptionalInt.empty(),
        SAMPLES,
        run.settings().lockTimeout(),
        DiffOptions.exact(Math.min(2, jobs)));
  }

  private void compare(GuardedRun run) {
    Database live = taken.snapshot().database();
    Map<TableName, Relation> there = new HashMap<>();
    Relations.of(merge.session()).forEach(relation -> there.put(relation.name(), relation));
    List<TableName> histories = run.settings().apps().stream().map(WritesSince::history).toList();
    for (Relation relation : Relations.of(live)) {
      Relation restored = there.get(relation.name());
      if (histories.contains(relation.name())) {
        continue;
      }
      if (restored == null) {
        long rows = live.number("select pg_catalog.count(*) from " + relation.from());
        lostRows += rows;
        lost.add(
            "%s with %s, since the backup does not have the table"
                .formatted(relation.name().plain(), Units.count(rows, "row", "rows")));
      } else {
        pairs.add(Pair.of(relation, restored));
      }
    }
    Side side = Side.of(taken.snapshot());
    long bytes =
        pairs.stream().mapToLong(pair -> pair.source().bytes() + pair.target().bytes()).sum();
    try (Diff diff = Diff.open(side, merge.target(), Optional.empty(), merge.options().diff());
        Progress.Bar bar = run.progress().bar("comparing with the live database", bytes, "bytes")) {
      for (Pair pair : List.copyOf(pairs)) {
        compare(diff, side, pair, bar);
      }
    }
  }

  private static TableName history(AppSettings app) {
    return new TableName(app.historySchema(), app.historyTable());
  }

  private void compare(Diff diff, Side side, Pair pair, Progress.Bar bar) {
    try {
      TableMerge table =
          merge.add(pair, side, sink -> diff.table(pair, Optional.empty(), sink, bar));
      if (table.diff().equal()) {
        return;
      }
      differing.add(table);
      List<String> columns =
          pair.source().columns().stream()
              .filter(column -> !column.generated())
              .filter(column -> pair.target().column(column.name()).isEmpty())
              .map(column -> column.name())
              .toList();
      if (table.add() > 0 && !columns.isEmpty()) {
        lostRows += table.add();
        lost.add(
            "%s of %s lose what is in %s, which the backup does not have"
                .formatted(
                    Units.count(table.add(), "new row", "new rows"),
                    pair.name().plain(),
                    String.join(", ", columns)));
      }
    } catch (Failure refused) {
      if (refused.exitCode() != ExitCode.REFUSED) {
        throw refused;
      }
      pairs.remove(pair);
      unknown.add(pair.name().plain() + ": " + refused.message());
    }
  }

  /** The tables that both have, for a later look. */
  List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  /** The moment of the live database that was looked at. */
  Moment moment() {
    return taken.moment();
  }

  /** Rows that only the live database has. */
  long fresh() {
    return differing.stream().mapToLong(TableMerge::add).sum();
  }

  /** What is left behind even when the new rows are carried over, in words. */
  List<String> neverCarried() {
    List<String> left = new ArrayList<>(lost);
    for (TableMerge table : differing) {
      if (table.diff().changed() > 0) {
        left.add(
            "what was changed in %s of %s"
                .formatted(
                    Units.count(table.diff().changed(), "row", "rows"), table.table().plain()));
      }
      if (table.diff().extra() > 0) {
        left.add(
            "%s of %s come back, which were removed since"
                .formatted(
                    Units.count(table.diff().extra(), "row", "rows"), table.table().plain()));
      }
    }
    return left;
  }

  /** What can be carried over only without a part of it, in words. */
  List<String> incomplete() {
    return List.copyOf(lost);
  }

  /** What could not be compared, in words. */
  List<String> unknown() {
    return List.copyOf(unknown);
  }

  /** Whether everything is as in the backup. */
  boolean nothing() {
    return differing.isEmpty() && lostRows == 0 && unknown.isEmpty();
  }

  /** The new rows as they are left behind when nobody carries them, in words. */
  List<String> newRows() {
    return differing.stream()
        .filter(table -> table.add() > 0)
        .map(
            table ->
                "%s of %s"
                    .formatted(
                        Units.count(table.add(), "new row", "new rows"), table.table().plain()))
        .toList();
  }

  /** The tables that differ. */
  List<WritesReport.Table> tables() {
    return differing.stream()
        .map(
            table ->
                new WritesReport.Table(
                    table.table().plain(),
                    table.diff().missing(),
                    table.diff().changed(),
                    table.diff().extra(),
                    table.samples().stream().map(WritesSince::words).toList()))
        .toList();
  }

  private static String words(RowSample sample) {
    String what =
        switch (sample.kind()) {
          case MISSING -> "added";
          case CHANGED -> "changed";
          case EXTRA -> "removed";
        };
    return what + ": " + key(sample.key());
  }

  private static String key(Map<String, @Nullable String> key) {
    return key.entrySet().stream()
        .map(cell -> cell.getKey() + "=" + cell.getValue())
        .collect(Collectors.joining(", "));
  }

  /**
   * Carries the new rows over, all or none.
   *
   * @throws Failure FAILED when one does not fit; the restored database is as before
   */
  MergeOutcome carry() {
    return merge.apply();
  }

  /** Ends the sessions with both databases, which keep them from being renamed. */
  @Override
  public void close() {
    merge.close();
    taken.snapshot().close();
  }
}
