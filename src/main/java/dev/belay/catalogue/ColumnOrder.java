package dev.belay.catalogue;

import dev.belay.catalogue.Difference.PropertyDifference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The order of those columns, or attributes, that a table has on both sides. */
final class ColumnOrder {
  private final Map<String, List<SchemaObject>> expected;
  private final Map<String, List<SchemaObject>> actual;

  ColumnOrder(
      SortedMap<ObjectKey, SchemaObject> expected, SortedMap<ObjectKey, SchemaObject> actual) {
    this.expected = common(expected, actual);
    this.actual = common(actual, expected);
  }

  private static Map<String, List<SchemaObject>> common(
      SortedMap<ObjectKey, SchemaObject> of, SortedMap<ObjectKey, SchemaObject> and) {
    Map<String, List<SchemaObject>> columns = new HashMap<>();
    for (SchemaObject object : of.values()) {
      if (object.position() > 0 && and.containsKey(object.key())) {
        columns.computeIfAbsent(table(object.key()), key -> new ArrayList<>()).add(object);
      }
    }
    columns.values().forEach(list -> list.sort(Comparator.comparingInt(SchemaObject::position)));
    return columns;
  }

  private static String table(ObjectKey key) {
    return key.schema() + "\0" + key.name();
  }

  /** Another order, where the object is what has the columns. */
  Optional<PropertyDifference> difference(ObjectKey key) {
    boolean hasColumns =
        switch (key.kind()) {
          case TABLE, FOREIGN_TABLE, COMPOSITE_TYPE -> true;
          default -> false;
        };
    List<String> one = names(expected, key);
    List<String> other = names(actual, key);
    return !hasColumns || one.equals(other)
        ? Optional.empty()
        : Optional.of(
            new PropertyDifference(
                Property.COLUMN_ORDER,
                Optional.of(String.join(", ", one)),
                Optional.of(String.join(", ", other))));
  }

  private static List<String> names(Map<String, List<SchemaObject>> columns, ObjectKey key) {
    return columns.getOrDefault(table(key), List.of()).stream()
        .map(column -> column.key().member())
        .toList();
  }
}
