package dev.belay.core;

import java.util.Comparator;

/**
 * A table with its schema. {@link #toString()} is quoted for SQL; {@link #plain()} is for people.
 */
public record TableName(String schema, String table) implements Comparable<TableName> {
  private static final Comparator<TableName> ORDER =
      Comparator.comparing(TableName::schema).thenComparing(TableName::table);

  /** The qualified name without quotes, for reports and as a key in JSON. */
  public String plain() {
    return schema + "." + table;
  }

  @Override
  public String toString() {
    return new Identifier(schema) + "." + new Identifier(table);
  }

  @Override
  public int compareTo(TableName other) {
    return ORDER.compare(this, other);
  }
}
