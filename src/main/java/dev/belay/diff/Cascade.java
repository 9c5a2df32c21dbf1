package dev.belay.diff;

import dev.belay.core.TableName;

/**
 * Rows of the target that a foreign key takes away or changes because of the merge, beside those
 * that the merge itself removes or changes.
 *
 * @param table whose rows they are
 * @param constraint the foreign key
 * @param parent the table that it refers to
 * @param effect what becomes of the rows
 * @param rows how many
 */
public record Cascade(
    TableName table, String constraint, TableName parent, Effect effect, long rows) {

  /** What a foreign key does to the rows that refer to one that is gone. */
  public enum Effect {
    /** {@code on delete cascade}. */
    REMOVED("are removed"),
    /** {@code on delete set null}, {@code set default}, and what {@code on update} does. */
    CHANGED("are changed");

    private final String words;

    Effect(String words) {
      this.words = words;
    }
  }

  /** The loss in words. */
  public String text() {
    return "%d rows of %s %s with those of %s, by foreign key %s"
        .formatted(rows, table.plain(), effect.words, parent.plain(), constraint);
  }
}
