package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.diff.Diff;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Pair;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.Side;
import dev.belay.diff.TableDiff;
import dev.belay.postgres.Databases;
import dev.belay.postgres.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out which rows of a table are not as before, row by row where there is something to ask.
 */
final class Losses {
  private final Databases databases;
  private final Progress progress;

  Losses(Databases databases, Progress progress) {
    this.databases = databases;
    this.progress = progress;
  }

  /**
   * What differs.
   *
   * @param as a database that has them as they were before; empty: there is none
   * @param copy the one in which they are as they are, with nobody at work
   * @param before what it was like
   * @param after what it is like
   * @param differing tables of which the content is another
   * @param comparable those of them that are so in the former
   */
  List<Lost> of(
      Optional<Target> as,
      Target copy,
      DataState before,
      DataState after,
      List<TableName> differing,
      Set<TableName> comparable) {
    List<Lost> found = new ArrayList<>();
    List<TableName> there = new ArrayList<>();
    for (TableName table : differing) {
      if (!after.tables().containsKey(table)) {
        if (before.rows(table) > 0) {
          found.add(new Lost(table.plain(), before.rows(table), 0, 0, true));
        }
      } else if (as.isPresent() && comparable.contains(table)) {
        there.add(table);
      } else {
        found.add(roughly(table, before, after));
      }
    }
    if (!there.isEmpty()) {
      found.addAll(compared(as.orElseThrow(), copy, before, after, there));
    }
    return found.stream().filter(lost -> lost.rows() + lost.added() > 0).toList();
  }

  private static Lost roughly(TableName table, DataState before, DataState after) {
    long was = before.rows(table);
    long is = after.rows(table);
    return new Lost(
        table.plain(), Math.max(0, was - is), Math.min(was, is), Math.max(0, is - was), false);
  }

  private List<Lost> compared(
      Target from, Target copy, DataState before, DataState after, List<TableName> tables) {
    List<Lost> found = new ArrayList<>();
    try (Snapshot was = Snapshot.take(databases, from);
        Snapshot is = Snapshot.take(databases, copy)) {
      long bytes = 0;
      List<Pair> pairs = new ArrayList<>();
      for (TableName table : tables) {
        Optional<Relation> source = Relations.find(was.database(), table);
        Optional<Relation> target = Relations.find(is.database(), table);
        if (source.isEmpty() || target.isEmpty()) {
          found.add(roughly(table, before, after));
        } else {
          Pair pair = Pair.of(source.get(), target.get());
          pairs.add(pair);
          bytes += pair.source().bytes() + pair.target().bytes();
        }
      }
      try (Diff diff =
              Diff.open(Side.of(was), Side.of(is), Optional.empty(), DiffOptions.exact(1));
          Progress.Bar bar = progress.bar("comparing row by row", bytes, "bytes")) {
        for (Pair pair : pairs) {
          found.add(compared(diff, pair, bar, before, after));
        }
      }
    }
    return found;
  }

  private static Lost compared(
      Diff diff, Pair pair, Progress.Bar bar, DataState before, DataState after) {
    try {
      TableDiff found = diff.table(pair, Optional.empty(), some -> {}, bar);
      return new Lost(pair.name().plain(), found.missing(), found.changed(), found.extra(), true);
    } catch (Failure cannot) {
      if (dev.belay.postgres.SqlState.lostConnection(cannot)) {
        throw cannot;
      }
      return roughly(pair.name(), before, after);
    }
  }
}
