package dev.belay.catalogue;

import dev.belay.catalogue.Difference.Group;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which objects of the actual schema have to be dropped and created anew: those that cannot be
 * altered, and those that stand on them or on a column whose type changes.
 */
final class Rebuilding {
  private final Catalogue expected;
  private final Catalogue actual;
  private final CatalogueComparison comparison;
  private final Map<ObjectKey, SortedSet<ObjectKey>> dependents = new HashMap<>();

  Rebuilding(Catalogue expected, Catalogue actual, CatalogueComparison comparison) {
    this.expected = expected;
    this.actual = actual;
    this.comparison = comparison;
    actual
        .needs()
        .forEach(
            (one, needed) ->
                needed.forEach(
                    other -> dependents.computeIfAbsent(other, key -> new TreeSet<>()).add(one)));
  }

  /** The keys, as they are in the actual schema. */
  Set<ObjectKey> keys() {
    Set<ObjectKey> rebuilt = new TreeSet<>();
    for (Difference difference : comparison.all()) {
      if (difference.group() == Group.DIFFERENT) {
        ObjectKey key = difference.key();
        if (needsRebuild(difference)) {
          add(difference.there(), rebuilt);
        } else if (key.kind() == ObjectKind.COLUMN && ColumnChange.changesType(difference)) {
          onColumn(key, rebuilt);
        }
      }
    }
    return rebuilt;
  }

  private boolean needsRebuild(Difference difference) {
    SchemaObject wanted = expected.objects().get(difference.key());
    SchemaObject there = actual.objects().get(difference.there());
    return wanted != null && there != null && Altering.rebuilds(difference, wanted, there);
  }

  /** The object with all that stand on it, unless one of them holds data. */
  private void add(ObjectKey key, Set<ObjectKey> rebuilt) {
    Set<ObjectKey> all = new HashSet<>();
    Deque<ObjectKey> open = new ArrayDeque<>();
    open.add(key);
    while (!open.isEmpty()) {
      ObjectKey next = open.remove();
      if (next.kind().holdsData() || next.kind() == ObjectKind.DOMAIN) {
        return;
      }
      if (all.add(next)) {
        open.addAll(dependents.getOrDefault(next, new TreeSet<>()));
        parts(next).forEach(open::add);
      }
    }
    rebuilt.addAll(all);
  }

  /** Indexes, rules and triggers of a view go with it. */
  private Iterable<ObjectKey> parts(ObjectKey key) {
    Set<ObjectKey> parts = new TreeSet<>();
    if (key.kind() == ObjectKind.VIEW || key.kind() == ObjectKind.MATERIALIZED_VIEW) {
      for (ObjectKind kind :
          new ObjectKind[] {ObjectKind.INDEX, ObjectKind.RULE, ObjectKind.TRIGGER}) {
        parts.addAll(
            actual
                .objects()
                .subMap(
                    new ObjectKey(kind, key.schema(), key.name(), ""),
                    new ObjectKey(kind, key.schema(), key.name(), "\uffff"))
                .keySet());
      }
    }
    return parts;
  }

  /** What the server does not let a column's type change under. */
  private void onColumn(ObjectKey column, Set<ObjectKey> rebuilt) {
    ObjectKey table = ObjectKey.of(ObjectKind.TABLE, column.schema(), column.name());
    for (ObjectKey dependent : dependents.getOrDefault(table, new TreeSet<>())) {
      switch (dependent.kind()) {
        case VIEW, MATERIALIZED_VIEW, FUNCTION, PROCEDURE, STATISTICS, PUBLICATION ->
            add(dependent, rebuilt);
        default -> {}
      }
    }
    for (ObjectKind kind :
        new ObjectKind[] {ObjectKind.RULE, ObjectKind.POLICY, ObjectKind.TRIGGER}) {
      actual
          .objects()
          .subMap(
              new ObjectKey(kind, column.schema(), column.name(), ""),
              new ObjectKey(kind, column.schema(), column.name(), "\uffff"))
          .keySet()
          .forEach(part -> add(part, rebuilt));
    }
  }
}
