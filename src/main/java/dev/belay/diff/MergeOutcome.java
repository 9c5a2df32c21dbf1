package dev.belay.diff;

import java.util.List;

/**
 * What a merge did.
 *
 * @param plan what was planned when it was done, which may have been planned anew after a conflict
 *     with the application
 * @param added rows that were added
 * @param changed rows that became as in the source
 * @param removed rows that were removed
 * @param skipped rows that somebody changed between plan and batch, and that stay; always 0 in one
 *     transaction
 * @param sequences what was done to sequences, in words
 * @param attempts how often it was begun, 1 when nobody was in the way
 * @param kept whether it was committed; false after a rehearsal
 */
public record MergeOutcome(
    MergePlan plan,
    long added,
    long changed,
    long removed,
    long skipped,
    List<String> sequences,
    int attempts,
    boolean kept) {
  public MergeOutcome {
    sequences = List.copyOf(sequences);
  }

  /** The same, at that attempt. */
  MergeOutcome after(int attempt) {
    return new MergeOutcome(plan, added, changed, removed, skipped, sequences, attempt, kept);
  }
}
