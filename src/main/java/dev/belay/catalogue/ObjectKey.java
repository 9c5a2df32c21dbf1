package dev.belay.catalogue;

import java.util.Comparator;

/**
 * What an object is called.
 *
 * @param schema its schema; empty for what is in none
 * @param name its name, of a part the name of what it is a part of; of a function with its types
 * @param member the name of the part, such as a column or an index; empty when it is none
 */
public record ObjectKey(ObjectKind kind, String schema, String name, String member)
    implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::schema)
          .thenComparing(ObjectKey::name)
          .thenComparing(ObjectKey::kind)
          .thenComparing(ObjectKey::member);

  /** An object that is no part of another. */
  public static ObjectKey of(ObjectKind kind, String schema, String name) {
    return new ObjectKey(kind, schema, name, "");
  }

  /** Whether it is a part of a table, a view or a type. */
  public boolean isMember() {
    return !member.isEmpty();
  }

  /** The name for people and patterns, without quotes: {@code schema.name.member}. */
  public String plain() {
    return owner() + (member.isEmpty() ? "" : "." + member);
  }

  /** The name of what it is a part of, or its own, without quotes. */
  String owner() {
    return schema.isEmpty() ? name : schema + "." + name;
  }

  /** For people: {@code column app.people.name}. */
  @Override
  public String toString() {
    return kind.word() + " " + plain();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }
}
