package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonValue;

/** The sorts of ways on. */
public enum WayKind {
  /** A rollback in batches was begun: it is gone on with. */
  GO_ON("go-on"),
  /** The newest migration is undone. */
  UNDO("undo"),
  /** A backup is swapped in. */
  RESTORE("restore"),
  /** A database that a restore replaced is swapped in again. */
  UNDO_RESTORE("undo-restore"),
  /** The cause is mended and the migration run again. */
  ROLL_FORWARD("roll-forward");

  private final String word;

  WayKind(String word) {
    this.word = word;
  }

  /** The word in JSON and in the table. */
  @JsonValue
  public String word() {
    return word;
  }
}
