package dev.belay.batch;

import dev.belay.core.TableName;
import java.util.Optional;
import java.util.Set;

/**
 * A line {@code -- belay:sync}: two columns that say the same until the schema is switched.
 *
 * @param newColumn what the migration made, and the undo takes away
 * @param oldColumn what was there before, and is there again afterwards
 * @param up makes the new one of the columns of a row; empty: the old one as it is
 * @param down makes the old one of the columns of a row; empty: the new one as it is
 */
public record SyncMark(
    TableName table,
    String newColumn,
    String oldColumn,
    Optional<String> up,
    Optional<String> down) {
  static final String KIND = "sync";

  static SyncMark of(MarkText text) {
    text.only(Set.of("table", "new", "old", "up", "down"));
    SyncMark mark =
        new SyncMark(
            text.table("table"),
            text.identifier("new"),
            text.identifier("old"),
            text.expression("up"),
            text.expression("down"));
    if (mark.newColumn.equals(mark.oldColumn)) {
      throw text.wrong("new= and old= are the same column");
    }
    return mark;
  }
}
