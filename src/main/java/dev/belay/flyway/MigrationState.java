package dev.belay.flyway;

/** What a migration is to Flyway, and one that Flyway has no word for: {@link #HELD}. */
public enum MigrationState {
  PENDING("pending"),
  ABOVE_TARGET("above target"),
  BELOW_BASELINE("below baseline"),
  BASELINE_IGNORED("ignored at baseline"),
  BASELINE("baseline"),
  IGNORED("ignored"),
  MISSING_SUCCESS("missing"),
  MISSING_FAILED("failed, missing"),
  SUCCESS("success"),
  UNDONE("undone"),
  /** Undone, and recorded so that the next start does not apply it again. */
  HELD("held"),
  FAILED("failed"),
  OUT_OF_ORDER("out of order"),
  FUTURE_SUCCESS("future"),
  FUTURE_FAILED("failed, future"),
  OUTDATED("outdated"),
  SUPERSEDED("superseded"),
  DELETED("deleted");

  private final String word;

  MigrationState(String word) {
    this.word = word;
  }

  /** The word for people. */
  public String word() {
    return word;
  }

  /** Whether the migration ran and broke. */
  public boolean isFailed() {
    return this == FAILED || this == MISSING_FAILED || this == FUTURE_FAILED;
  }

  /** Whether it was applied, but there is no script for it. */
  public boolean isMissing() {
    return this == MISSING_SUCCESS || this == MISSING_FAILED;
  }

  /** Whether it was applied, is newer than every script, and has none. */
  public boolean isFuture() {
    return this == FUTURE_SUCCESS || this == FUTURE_FAILED;
  }

  /** Whether it was applied and then taken back. */
  public boolean isTakenBack() {
    return this == UNDONE || this == HELD || this == DELETED;
  }

  /** Whether it was applied and is in force. */
  public boolean isInForce() {
    return switch (this) {
      case SUCCESS, OUT_OF_ORDER, BASELINE, OUTDATED, SUPERSEDED, MISSING_SUCCESS, FUTURE_SUCCESS ->
          true;
      default -> false;
    };
  }
}
