package dev.belay.integrity;

/**
 * Where a dump has a sequence: somewhere between these two, since sequences belong to no snapshot.
 *
 * @param before read before the dump began
 * @param after read after it ended
 */
public record ExpectedSequence(SequenceState before, SequenceState after) {
  /** Whether it did not move meanwhile, so that the dump's value is known exactly. */
  public boolean settled() {
    return before.equals(after);
  }

  /**
   * Whether a restored sequence is where the dump has it. One that moved is at or beyond the first
   * and not beyond the second; where it cycles or was set back, any place is right.
   */
  boolean allows(SequenceState actual) {
    if (settled()) {
      return actual.isAt(before);
    }
    boolean steady =
        before.increment() == after.increment()
            && !before.cycles()
            && !after.cycles()
            && after.isAtOrBeyond(before);
    return !steady || (actual.isAtOrBeyond(before) && after.isAtOrBeyond(actual));
  }
}
