package dev.belay.catalogue;

import dev.belay.catalogue.Difference.Group;
import dev.belay.catalogue.Difference.PropertyDifference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How an actual schema differs from an expected one.
 *
 * @param all every difference, sorted by what is called what, with those that others imply
 */
public record CatalogueComparison(List<Difference> all) {
  public CatalogueComparison {
    all = List.copyOf(all);
  }

  /** Compares. Needs no database. */
  public static CatalogueComparison of(
      Catalogue expected, Catalogue actual, ComparisonOptions options) {
    return new CatalogueComparison(new Comparing(expected, actual, options).differences());
  }

  /** The differences that no other implies, sorted by what is called what. */
  public List<Difference> differences() {
    return all.stream().filter(difference -> !difference.implied()).toList();
  }

  /** Those of one group. */
  public List<Difference> differences(Group group) {
    return differences().stream().filter(difference -> difference.group() == group).toList();
  }

  /** Whether there is none. */
  public boolean isEqual() {
    return all.isEmpty();
  }

  /** The work, with what it needs on the way. */
  private static final class Comparing {
    private final SortedMap<ObjectKey, SchemaObject> expected;
    private final SortedMap<ObjectKey, SchemaObject> actual;
    private final ComparisonOptions options;
    private final List<Difference> found = new ArrayList<>();

    Comparing(Catalogue expected, Catalogue actual, ComparisonOptions options) {
      this.options = options;
      this.expected = without(expected);
      this.actual = without(actual);
    }

    private SortedMap<ObjectKey, SchemaObject> without(Catalogue catalogue) {
      SortedMap<ObjectKey, SchemaObject> kept = new TreeMap<>(catalogue.objects());
      kept.keySet().removeIf(options::ignores);
      return kept;
    }

    List<Difference> differences() {
      List<ObjectKey> missing = new ArrayList<>();
      TreeMap<ObjectKey, SchemaObject> orphaned = new TreeMap<>(actual);
      ColumnOrder order = new ColumnOrder(expected, actual);
      for (Map.Entry<ObjectKey, SchemaObject> entry : expected.entrySet()) {
        SchemaObject other = orphaned.remove(entry.getKey());
        if (other == null) {
          missing.add(entry.getKey());
        } else {
          List<PropertyDifference> properties = properties(entry.getValue(), other);
          order.difference(entry.getKey()).ifPresent(properties::add);
          add(entry.getKey(), Optional.empty(), properties);
        }
      }
      for (ObjectKey key : missing) {
        Optional<SchemaObject> same = sameByDefinition(object(expected, key), orphaned);
        if (same.isPresent()) {
          ObjectKey there = same.get().key();
          orphaned.remove(there);
          List<PropertyDifference> properties = properties(object(expected, key), same.get());
          if (options.strict()) {
            properties.add(
                new PropertyDifference(
                    Property.NAME, Optional.of(key.member()), Optional.of(there.member())));
          }
          add(key, Optional.of(there), properties);
        } else {
          found.add(new Difference(Group.MISSING, key, Optional.empty(), List.of(), false));
        }
      }
      for (ObjectKey key : orphaned.keySet()) {
        found.add(new Difference(Group.ORPHANED, key, Optional.empty(), List.of(), false));
      }
      found.sort(Comparator.comparing(Difference::key).thenComparing(Difference::group));
      return new Implications(found, expected, actual).marked();
    }

    private void add(
        ObjectKey key, Optional<ObjectKey> there, List<PropertyDifference> properties) {
      if (!properties.isEmpty()) {
        found.add(new Difference(Group.DIFFERENT, key, there, properties, false));
      }
    }

    private static SchemaObject object(Map<ObjectKey, SchemaObject> objects, ObjectKey key) {
      return Objects.requireNonNull(objects.get(key));
    }

    private List<PropertyDifference> properties(SchemaObject one, SchemaObject other) {
      TreeSet<String> names = new TreeSet<>(one.properties().keySet());
      names.addAll(other.properties().keySet());
      List<PropertyDifference> different = new ArrayList<>();
      for (String name : names) {
        if (options.compares(one.key().kind(), name) && !same(name, one, other)) {
          different.add(
              new PropertyDifference(
                  name,
                  Optional.ofNullable(one.properties().get(name)),
                  Optional.ofNullable(other.properties().get(name))));
        }
      }
      return different;
    }

    private boolean same(String property, SchemaObject one, SchemaObject other) {
      String left = one.get(property);
      String right = other.get(property);
      if (one.has(property) == other.has(property) && left.equals(right)) {
        return true;
      }
      if (options.strict() || !one.has(property) || !other.has(property)) {
        return false;
      }
      return property.equals(Property.BODY)
          ? left.lines()
              .map(String::stripTrailing)
              .toList()
              .equals(right.lines().map(String::stripTrailing).toList())
          : DefaultNames.onlyName(property, left, right);
    }

    /** The one of the same table that is defined alike, where both names look made. */
    private Optional<SchemaObject> sameByDefinition(
        SchemaObject wanted, SortedMap<ObjectKey, SchemaObject> candidates) {
      ObjectKey key = wanted.key();
      if (!DefaultNames.looksMade(key)) {
        return Optional.empty();
      }
      ObjectKey from = new ObjectKey(key.kind(), key.schema(), key.name(), "");
      ObjectKey to = new ObjectKey(key.kind(), key.schema(), key.name(), "\uffff");
      return candidates.subMap(from, to).values().stream()
          .filter(other -> DefaultNames.looksMade(other.key()))
          .filter(other -> other.get(Property.DEFINITION).equals(wanted.get(Property.DEFINITION)))
          .filter(other -> other.get("unique").equals(wanted.get("unique")))
          .findFirst();
    }
  }
}
