package dev.belay.diff;

import dev.belay.integrity.ColumnText;

/**
 * A column of a relation.
 *
 * @param type as {@code format_type} writes it, with its length and precision
 * @param typeNumber the number of the type in {@code pg_type}
 * @param generated whether its value is computed from others, so that it is neither compared nor
 *     written
 * @param identity whether it is an identity column, and which
 * @param ordered whether every server orders its values alike, whatever its locale
 */
public record RelationColumn(
    String name,
    String type,
    long typeNumber,
    boolean notNull,
    boolean generated,
    Identity identity,
    boolean ordered) {

  /** How an identity column takes values. */
  public enum Identity {
    /** It is none. */
    NONE,
    /** Only by {@code overriding system value}. */
    ALWAYS,
    /** Any that is given. */
    BY_DEFAULT
  }

  ColumnText text() {
    return ColumnText.of(typeNumber);
  }
}
