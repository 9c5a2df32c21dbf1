package dev.belay.flyway;

import com.fasterxml.jackson.annotation.JsonValue;

/** The sorts of conflicts between a history and the scripts, the worst first. */
public enum ConflictKind {
  /** A row that Flyway OSS cannot read. */
  UNREADABLE_ROW("unreadable-row"),
  /** A version was deleted twice in the history. */
  SECOND_DELETE("second-delete"),
  /** Two scripts are the same migration. */
  DUPLICATE_SCRIPT("duplicate-script"),
  /** A script cannot be read, or is not of the encoding that is configured. */
  UNREADABLE_SCRIPT("unreadable-script"),
  /** A migration failed and left a row that says so. */
  FAILED_ROW("failed-row"),
  /** Applied, and there is no script, though there are newer ones. */
  MISSING_SCRIPT("missing-script"),
  /** Applied as one type, and of another on disk. */
  TYPE_MISMATCH("type-mismatch"),
  /** The text was changed after it was applied. */
  CHECKSUM_MISMATCH("checksum-mismatch"),
  /** The name was changed after it was applied. */
  DESCRIPTION_MISMATCH("description-mismatch"),
  /** Older than what was applied, and never applied. */
  NOT_APPLIED("not-applied"),
  /** Applied once, marked deleted, and its script is here. */
  DELETED_AND_HERE("deleted-and-here"),
  /** Two rows say that the same version was applied. */
  DUPLICATE_ROW("duplicate-row"),
  /** Declared dependencies that go round in a circle. */
  REQUIREMENT_CYCLE("requirement-cycle"),
  /** A declared dependency that is not there. */
  REQUIREMENT_UNKNOWN("requirement-unknown"),
  /** A declared dependency on a later migration. */
  REQUIREMENT_LATER("requirement-later"),
  /** A declared dependency that is not applied. */
  REQUIREMENT_NOT_MET("requirement-not-met"),
  /** The history table is not as Flyway makes it. */
  HISTORY_FORM("history-form"),
  /** Applied, newer than every script, and has none. */
  NEWER_THAN_SCRIPTS("newer-than-scripts"),
  /** Applied after a newer one. */
  OUT_OF_ORDER("out-of-order"),
  /** The same version, written in another form. */
  VERSION_FORM("version-form"),
  /** A file that looks like a migration and is none. */
  NOT_A_MIGRATION("not-a-migration");

  private final String word;

  ConflictKind(String word) {
    this.word = word;
  }

  /** Its name for ever, in reports and JSON. */
  @JsonValue
  public String word() {
    return word;
  }
}
