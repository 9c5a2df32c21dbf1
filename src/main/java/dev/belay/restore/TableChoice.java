package dev.belay.restore;

import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.diff.Relations;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tables of a backup are meant, by what the live database has.
 *
 * @param present those that both have, sorted
 * @param lost those that the live database lost
 */
record TableChoice(List<TableName> present, LostTables lost) {
  TableChoice {
    present = List.copyOf(present);
  }

  /**
   * The tables of the backup whose rows have to be restored. Where the live database lost a table,
   * more of the backup is needed to tell what went with it.
   *
   * @param rows the tables of the backup that hold rows
   * @return empty: all
   */
  static Set<TableName> needed(List<TablePattern> patterns, Map<String, Long> rows, Database live) {
    Set<TableName> needed = new TreeSet<>();
    Set<String> unknown = new TreeSet<>(rows.keySet());
    for (LostQueries.Table table : LostQueries.tables(live)) {
      boolean inBackup = unknown.remove(table.name().plain());
      boolean meant =
          patterns.stream()
              .anyMatch(pattern -> pattern.matches(table.name()) || pattern.matches(table.root()));
      if (inBackup && meant) {
        needed.add(table.name());
      }
    }
    return unknown.isEmpty() ? needed : Set.of();
  }

  /** Whether all rows of the tables that are meant were restored. */
  boolean isWithin(Set<TableName> only, Database copy) {
    return only.isEmpty()
        || (lost.tables().isEmpty()
            && LostQueries.tables(copy).stream()
                .filter(table -> present.contains(table.name()) || present.contains(table.root()))
                .filter(table -> !table.partitioned())
                .allMatch(table -> only.contains(table.name())));
  }

  /**
   * Proves, before anything long is done, that each pattern means a table.
   *
   * @param rows the tables of the backup that hold rows, which partitioned ones do not
   * @throws dev.belay.core.Failure USAGE when one means none
   */
  static void refuseTypos(List<TablePattern> patterns, Map<String, Long> rows, Database live) {
    List<LostQueries.Table> now = LostQueries.tables(live);
    Set<String> names = new TreeSet<>(rows.keySet());
    now.forEach(table -> names.add(table.name().plain()));
    // A partitioned table that is gone has no rows of its own in the backup: it is looked for
    // later.
    boolean somethingIsGone =
        rows.keySet().stream()
            .anyMatch(name -> now.stream().noneMatch(table -> table.name().plain().equals(name)));
    for (TablePattern pattern : patterns) {
      if (!somethingIsGone && names.stream().noneMatch(pattern::matches)) {
        throw pattern.meansNone();
      }
    }
  }

  /**
   * Looks. Reads only.
   *
   * @param copy where the backup was restored
   * @param refusals is told why a table that was lost cannot be made again
   * @throws dev.belay.core.Failure USAGE when a pattern means no table of the backup
   */
  static TableChoice of(
      Database copy, Database live, List<TablePattern> patterns, Refusals refusals) {
    List<LostQueries.Table> known = LostQueries.tables(copy);
    Set<TableName> meant = new TreeSet<>();
    for (TablePattern pattern : patterns) {
      List<TableName> found =
          known.stream().map(LostQueries.Table::name).filter(pattern::matches).toList();
      if (found.isEmpty()) {
        throw pattern.meansNone();
      }
      meant.addAll(found);
    }
    // The rows of a partition are those of its root.
    known.stream()
        .filter(table -> table.partition() && meant.contains(table.root()))
        .forEach(table -> meant.remove(table.name()));
    List<TableName> present = new ArrayList<>();
    List<TableName> lost = new ArrayList<>();
    for (TableName table : meant) {
      boolean there = Relations.find(live, table).isPresent();
      (there ? present : lost).add(table);
    }
    return new TableChoice(present, LostTables.look(copy, live, lost, known, refusals));
  }
}
