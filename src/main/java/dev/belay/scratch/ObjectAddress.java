package dev.belay.scratch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where an object is in the catalogue; as {@code pg_depend} has it. A copy of a database has the
 * same addresses.
 *
 * @param catalog the oid of the catalogue that lists it
 * @param object its oid there
 * @param part the number of a column; 0 for the object itself
 */
public record ObjectAddress(long catalog, long object, int part) {
  /** The oid of {@code pg_class}, the same on every server. */
  static final long RELATIONS = 1259;

  /** A table, view, index or sequence. */
  public static ObjectAddress relation(long oid) {
    return new ObjectAddress(RELATIONS, oid, 0);
  }

  /** Reads what {@link #toString()} wrote. */
  @JsonCreator
  public static ObjectAddress of(String text) {
    String[] parts = text.split("/", 3);
    return new ObjectAddress(
        Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
  }

  /** The object without its part. */
  public ObjectAddress whole() {
    return part == 0 ? this : new ObjectAddress(catalog, object, 0);
  }

  /** Whether it is a table, view, index or sequence, or a column of one. */
  public boolean isOfRelation() {
    return catalog == RELATIONS;
  }

  @Override
  @JsonValue
  public String toString() {
    return catalog + "/" + object + "/" + part;
  }
}
