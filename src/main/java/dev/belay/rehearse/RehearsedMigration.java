package dev.belay.rehearse;

import java.util.List;
import java.util.Optional;

/**
 * What came of one migration.
 *
 * @param migration its name
 * @param version empty for a repeatable one
 * @param reasons why it is not proven, in words
 * @param up how it was applied; with {@code --applied} how it was applied again
 * @param undo how it was taken back
 * @param losses by table
 * @param schemaDifferences in words
 * @param notes what else there is to be known
 */
public record RehearsedMigration(
    String migration,
    Optional<String> version,
    Verdict verdict,
    List<String> reasons,
    Optional<Passage> up,
    Optional<Passage> undo,
    List<Lost> losses,
    List<String> schemaDifferences,
    List<String> notes) {
  public RehearsedMigration {
    reasons = List.copyOf(reasons);
    losses = List.copyOf(losses);
    schemaDifferences = List.copyOf(schemaDifferences);
    notes = List.copyOf(notes);
  }

  /** Rows that are gone or have other values. */
  public long rowsLost() {
    return losses.stream().mapToLong(Lost::rows).sum();
  }
}
