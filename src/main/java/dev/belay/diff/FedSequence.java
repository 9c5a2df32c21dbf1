package dev.belay.diff;

import dev.belay.core.TableName;
import java.math.BigInteger;
import java.util.OptionalLong;

/**
 * A sequence that gives values to a column of a merged table.
 *
 * @param column the column
 * @param numeric whether the column holds numbers, so that what it needs can be known
 * @param increment below zero for one that counts down
 * @param cached how many values a session takes at once
 */
record FedSequence(
    TableName name,
    long table,
    String column,
    boolean numeric,
    long increment,
    long least,
    long greatest,
    boolean cycles,
    long cached) {
  /** Where many values are missing, one statement sets the sequence; else each is taken. */
  private static final long MOST_TAKEN = 1000;

  /**
   * Where the sequence is.
   *
   * @param last the value given last, or next while {@code called} is false
   */
  record Place(long last, boolean called) {}

  /** Whether the value of a row would be given again. */
  boolean behind(Place place, long needed) {
    int order =
        increment < 0 ? Long.compare(place.last(), needed) : Long.compare(needed, place.last());
    return order > 0 || (order == 0 && !place.called());
  }

  /**
   * How many values to take so that the needed one is among them or passed; empty: too many, or
   * there are not that many. To take values never sets a sequence back, whoever else takes some.
   */
  OptionalLong steps(Place place, long needed) {
    BigInteger step = BigInteger.valueOf(increment).abs();
    BigInteger last = BigInteger.valueOf(place.last());
    BigInteger next = place.called() ? last.add(BigInteger.valueOf(increment)) : last;
    BigInteger gap = BigInteger.valueOf(needed).subtract(next);
    gap = increment < 0 ? gap.negate() : gap;
    BigInteger steps =
        gap.signum() <= 0
            ? BigInteger.ONE
            : gap.add(step).subtract(BigInteger.ONE).divide(step).add(BigInteger.ONE);
    BigInteger end =
        next.add(BigInteger.valueOf(increment).multiply(steps.subtract(BigInteger.ONE)));
    boolean fits =
        end.compareTo(BigInteger.valueOf(least)) >= 0
            && end.compareTo(BigInteger.valueOf(greatest)) <= 0
            && steps.compareTo(BigInteger.valueOf(MOST_TAKEN)) <= 0;
    return fits ? OptionalLong.of(steps.longValueExact()) : OptionalLong.empty();
  }
}
