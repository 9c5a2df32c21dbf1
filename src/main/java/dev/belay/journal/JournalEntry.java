package dev.belay.journal;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One line of a journal.
 *
 * @param step what begins or is done, such as {@code swap-closed}
 * @param facts what is needed to finish or undo it
 */
public record JournalEntry(Instant at, String step, Map<String, String> facts) {
  /** The run came to its end, whatever the outcome. */
  public static final String ENDED = "ended";

  /** A later run put right what this one left. */
  public static final String SETTLED = "settled";

  public JournalEntry {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(step, "step");
    facts = Map.copyOf(facts);
  }

  boolean isLast() {
    return step.equals(ENDED) || step.equals(SETTLED);
  }
}
