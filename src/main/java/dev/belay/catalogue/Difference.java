package dev.belay.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * One object that is not as it should be.
 *
 * @param actualKey what it is called in the actual schema, where that is something else
 * @param properties what is different; empty when it is missing or orphaned
 * @param implied whether another difference says it already: a column of a missing table
 */
public record Difference(
    Group group,
    ObjectKey key,
    Optional<ObjectKey> actualKey,
    List<PropertyDifference> properties,
    boolean implied) {
  public Difference {
    properties = List.copyOf(properties);
  }

  /** The property of a table whose columns are in another order. */
  public static final String COLUMN_ORDER = Property.COLUMN_ORDER;

  /** In what way. */
  public enum Group {
    /** It is expected and not there. */
    MISSING,
    /** It is there and not expected. */
    ORPHANED,
    /** It is there and not as expected. */
    DIFFERENT
  }

  /**
   * What one property should be and is; empty where it should not be there or is not.
   *
   * @param property such as {@code type}, {@code default}, {@code grants}
   */
  public record PropertyDifference(
      String property, Optional<String> expected, Optional<String> actual) {}

  /**
   * Whether only the columns are in another order, as after one was dropped and added again: no
   * statement puts it back where it was.
   */
  public boolean isColumnOrderOnly() {
    return !properties.isEmpty()
        && properties.stream().allMatch(each -> each.property().equals(Property.COLUMN_ORDER));
  }

  /** What it is called in the actual schema. */
  ObjectKey there() {
    return actualKey.orElse(key);
  }

  Difference asImplied() {
    return new Difference(group, key, actualKey, properties, true);
  }

  Optional<PropertyDifference> property(String name) {
    return properties.stream().filter(each -> each.property().equals(name)).findFirst();
  }

  boolean changes(String name) {
    return property(name).isPresent();
  }
}
