package dev.belay.projects;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of a database.
 *
 * @param type what PostgreSQL calls its kind, such as {@code table}
 * @param identity its name as PostgreSQL writes it, quoted where needed
 * @param owner the key of the object it comes and goes with, such as the table of an index
 * @param raw everything the catalogue holds about it but its name; not comparable across databases
 * @param storage the number of its file; 0 when it has none
 * @param columns the names of the columns of a table, by their numbers
 * @param parts its columns, constraints and the like: key to text; comparable across databases
 */
record CatalogueObject(
    String type,
    String identity,
    @Nullable String owner,
    String raw,
    long storage,
    Map<Integer, String> columns,
    Map<String, Part> parts) {
  /**
   * A part of an object: what can change alone.
   *
   * @param subject the column it is of; empty for others
   * @param label what it is, in a form that no change of something else changes
   * @param definition its definition, where the label is not all of it
   */
  record Part(String subject, String label, @Nullable String definition) {
    @Override
    public String toString() {
      String whole = (subject + " " + label).strip();
      return definition == null ? whole : whole + " " + definition;
    }
  }

  /** Whether it can be locked and holds or shows rows. */
  boolean isRelation() {
    return switch (type) {
      case "table", "view", "materialized view", "sequence", "foreign table" -> true;
      default -> false;
    };
  }

  String name() {
    return type + " " + identity;
  }
}
