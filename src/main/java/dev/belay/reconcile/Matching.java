package dev.belay.reconcile;

import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.diff.Pair;
import dev.belay.diff.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The tables of two databases, side by side.
 *
 * @param pairs those that both have, sorted by name
 * @param onlySource those that the target lacks
 * @param onlyTarget those that the source lacks
 */
record Matching(List<Pair> pairs, List<Relation> onlySource, List<Relation> onlyTarget) {
  Matching {
    pairs = List.copyOf(pairs);
    onlySource = List.copyOf(onlySource);
    onlyTarget = List.copyOf(onlyTarget);
  }

  static Matching of(List<Relation> source, List<Relation> target, Predicate<TableName> wanted) {
    Map<TableName, Relation> there = new HashMap<>();
    target.stream()
        .filter(relation -> wanted.test(relation.name()))
        .forEach(relation -> there.put(relation.name(), relation));
    List<Pair> pairs = new ArrayList<>();
    List<Relation> onlySource = new ArrayList<>();
    for (Relation relation : source) {
      if (!wanted.test(relation.name())) {
        continue;
      }
      Relation other = there.remove(relation.name());
      if (other == null) {
        onlySource.add(relation);
      } else {
        pairs.add(Pair.of(relation, other));
      }
    }
    return new Matching(
        pairs,
        onlySource,
        target.stream().filter(relation -> there.containsKey(relation.name())).toList());
  }

  /** The relations by name. */
  static Map<TableName, Relation> byName(List<Relation> relations) {
    return relations.stream().collect(Collectors.toMap(Relation::name, relation -> relation));
  }

  /**
   * The tables that the operator means. Flyway's history tables are never among them: what was
   * applied is no data, and a failed migration would come back with it.
   *
   * @param patterns empty: all
   */
  static Predicate<TableName> wanted(List<TablePattern> patterns, List<AppSettings> apps) {
    Set<TableName> histories =
        apps.stream()
            .map(app -> new TableName(app.historySchema(), app.historyTable()))
            .collect(Collectors.toSet());
    return table ->
        !histories.contains(table)
            && (patterns.isEmpty() || patterns.stream().anyMatch(each -> each.matches(table)));
  }

  /**
   * Every pattern must mean something.
   *
   * @throws dev.belay.core.Failure USAGE when one means none of the tables
   */
  static void refuseMeaningless(
      List<TablePattern> patterns, List<AppSettings> apps, List<Relation> tables) {
    for (TablePattern pattern : patterns) {
      Predicate<TableName> meant = wanted(List.of(pattern), apps);
      if (tables.stream().map(Relation::name).noneMatch(meant)) {
        throw pattern.meansNone();
      }
    }
  }
}
