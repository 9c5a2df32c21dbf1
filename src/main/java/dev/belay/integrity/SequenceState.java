package dev.belay.integrity;

import dev.belay.core.TableName;

/**
 * Where a sequence is.
 *
 * @param lastValue the value given last, or the one given next while {@code called} is false
 * @param called whether {@code lastValue} was given
 * @param increment the step to the next value; below zero for one that counts down
 * @param cycles whether it begins again at its end
 */
public record SequenceState(
    TableName name, long lastValue, boolean called, long increment, boolean cycles) {

  /** Whether nothing that {@code other} would give next was given already. */
  public boolean isAtOrBeyond(SequenceState other) {
    int order =
        other.increment() < 0
            ? Long.compare(other.lastValue(), lastValue)
            : Long.compare(lastValue, other.lastValue());
    return order > 0 || (order == 0 && (called || !other.called()));
  }

  boolean isAt(SequenceState other) {
    return lastValue == other.lastValue() && called == other.called();
  }

  /** {@code 5}, or {@code 5, not yet given}. */
  String place() {
    return called ? String.valueOf(lastValue) : lastValue + ", not yet given";
  }
}
