package dev.belay.restore;

import dev.belay.core.Identifier;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables that the live database lost: what is made again, and what their loss took away that is
 * not.
 *
 * @param tables those that were meant, sorted
 * @param all the same with their partitions
 * @param roots of the partitions among them, the tables that they are of
 * @param hanging statements for a person: foreign keys of other tables to them, and views on them
 */
record LostTables(
    List<TableName> tables,
    List<TableName> all,
    Map<TableName, TableName> roots,
    List<String> hanging) {
  LostTables {
    tables = List.copyOf(tables);
    all = List.copyOf(all);
    roots = Map.copyOf(roots);
    hanging = List.copyOf(hanging);
  }

  /**
   * Looks. Reads only.
   *
   * @param copy where the backup was restored
   * @param refusals is told of what the tables need and the live database lacks
   */
  static LostTables look(
      Database copy,
      Database live,
      List<TableName> tables,
      List<LostQueries.Table> known,
      Refusals refusals) {
    Set<TableName> all = new TreeSet<>(tables);
    Map<TableName, TableName> roots = new HashMap<>();
    known.stream()
        .filter(table -> tables.contains(table.root()))
        .forEach(table -> roots.put(table.name(), table.root()));
    all.addAll(roots.keySet());
    List<TableName> whole = List.copyOf(all);
    if (whole.isEmpty()) {
      return new LostTables(List.of(), List.of(), Map.of(), List.of());
    }
    for (TableName table : whole) {
      Optional<String> other = LostQueries.kind(live, table);
      other.ifPresent(
          kind ->
              refusals.add(
                  "%s is a %s in the live database".formatted(table.plain(), kind),
                  "alter %s %s rename to %s"
                      .formatted(kind, table, new Identifier(table.table() + "_now"))));
    }
    for (LostQueries.Need need : LostQueries.needs(copy, whole)) {
      if (!LostQueries.isThere(live, need)
          && whole.stream().noneMatch(table -> sameName(table, need.identity()))) {
        refusals.add(
            "%s needs the %s %s, which the live database does not have"
                .formatted(names(tables), need.kind(), need.identity()),
            remedy(need));
      }
    }
    List<String> statements = new ArrayList<>();
    for (LostQueries.Hanging hanging : LostQueries.hanging(copy, whole)) {
      if (!LostQueries.isThere(live, hanging)) {
        statements.add(hanging.statement());
      }
    }
    return new LostTables(tables, whole, roots, statements);
  }

  /** The identity quotes only where it must. */
  private static boolean sameName(TableName table, String identity) {
    return table.toString().replace("\"", "").equals(identity.replace("\"", ""));
  }

  private static String remedy(LostQueries.Need need) {
    return switch (need.kind()) {
      case "schema" -> "create schema " + need.identity();
      case "table" -> "add --table " + ShellWords.quote(need.identity().replace("\"", ""));
      default -> "make the " + need.kind() + " " + need.identity() + " again first";
    };
  }

  private static String names(List<TableName> tables) {
    return tables.size() == 1
        ? tables.get(0).plain()
        : "one of " + String.join(", ", tables.stream().map(TableName::plain).toList());
  }
}
