package dev.belay.rehearse;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a rehearsal found out of a way back; the worst first. */
public enum Verdict {
  /** The migration, its undo script, or applying it again fails. */
  FAILED("failed"),
  /** Rows or values are gone, or others, after the way there and back. */
  LOSES_ROWS("loses-rows"),
  /** The schema is not as before. */
  SCHEMA_DIFFERS("schema-differs"),
  /** There is no undo script: the way back is a restore. */
  NO_UNDO("no-undo"),
  /** Something before it kept it from being tried. */
  NOT_REHEARSED("not-rehearsed"),
  /** A repeatable migration: its earlier text is the way back. */
  REPEATABLE("repeatable"),
  /** Schema and data are as before. */
  PROVEN("proven");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  /** As it is in JSON. */
  @JsonValue
  public String word() {
    return word;
  }

  /** Whether nothing has to be done about it. */
  public boolean isGood() {
    return this == PROVEN || this == REPEATABLE;
  }

  /** For a person. */
  public String words() {
    return word.replace('-', ' ');
  }
}
