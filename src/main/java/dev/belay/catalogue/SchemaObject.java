package dev.belay.catalogue;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One object of a schema.
 *
 * @param properties everything that makes it what it is, as text; what is as PostgreSQL has it by
 *     default is not there
 * @param address how SQL names it after its kind, where that is more than its name; else empty
 * @param creation the statement that creates it, where the server tells it; else empty
 * @param position where it stands among its like, as with columns; 0 where that means nothing
 */
public record SchemaObject(
    ObjectKey key,
    SortedMap<String, String> properties,
    String address,
    String creation,
    int position) {
  public SchemaObject {
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }

  /** A property; empty when it is not there. */
  public String get(String property) {
    return properties.getOrDefault(property, "");
  }

  /** Whether a property is there. */
  public boolean has(String property) {
    return properties.containsKey(property);
  }

  /** The same with another property; null takes it away. */
  SchemaObject with(String property, @org.jspecify.annotations.Nullable String value) {
    TreeMap<String, String> changed = new TreeMap<>(properties);
    if (value == null) {
      changed.remove(property);
    } else {
      changed.put(property, value);
    }
    return new SchemaObject(key, changed, address, creation, position);
  }
}
