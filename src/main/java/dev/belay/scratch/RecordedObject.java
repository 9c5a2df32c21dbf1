package dev.belay.scratch;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * An object as a migration made, changed or dropped it.
 *
 * @param address where it is, or was, in the catalogue
 * @param type PostgreSQL's word, such as {@code table column} or {@code function}
 * @param identity its name as PostgreSQL identifies it, quoted where it needs quotes
 * @param internal whether PostgreSQL made it for another object, so that nobody wrote it
 */
public record RecordedObject(
    ObjectAddress address, String type, String identity, boolean internal) {
  /** Whether it is a table, or a partition of one. */
  @JsonIgnore
  public boolean isTable() {
    return type.equals("table") || type.equals("partition");
  }

  /** For people: what it is and what it is called. */
  public String words() {
    return type + " " + identity;
  }
}
