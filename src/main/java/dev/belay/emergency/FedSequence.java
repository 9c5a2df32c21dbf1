package dev.belay.emergency;

import dev.belay.core.TableName;
import java.math.BigInteger;
import java.util.List;

/**
 * A sequence with all columns that take from it.
 *
 * @param number of it in the catalogue
 */
record FedSequence(
    long number, TableName name, long increment, long least, long most, List<Column> columns) {
  /** Where values are missing between it and its column, so many must be left for each of them. */
  private static final long ENOUGH = 1;

  /** Where it gives a value that is there already, one for so many that it passes over will do. */
  private static final long ENOUGH_WHEN_TAKEN = 100;

  FedSequence {
    columns = List.copyOf(columns);
  }

  /**
   * A column that takes its values from a sequence.
   *
   * @param least what its type can take
   * @param most what its type can take
   */
  record Column(TableName table, String name, long least, long most) {}

  /**
   * Where a sequence is.
   *
   * @param next the value that it gives next, if it has one
   */
  record Place(long last, BigInteger next) {}

  /** The last value that it and all of its columns can have. */
  long end() {
    return increment > 0
        ? columns.stream().mapToLong(Column::most).reduce(most, Math::min)
        : columns.stream().mapToLong(Column::least).reduce(least, Math::max);
  }

  /** Whether no value is left. */
  boolean isExhausted(Place place) {
    return isBefore(BigInteger.valueOf(end()), place.next());
  }

  /** Whether it will give a value that is there already, or was passed over by one that is. */
  boolean isBehind(Place place, long furthest) {
    return !isBefore(BigInteger.valueOf(furthest), place.next());
  }

  /** How many values it can give after that one; below zero when that one is past its end. */
  BigInteger left(long value) {
    return steps(BigInteger.valueOf(value), BigInteger.valueOf(end()));
  }

  /**
   * Whether it may be moved to that value. One row that was given a value far away must not take
   * all the values before it.
   *
   * @param taken whether the value that it gives next is there already
   */
  boolean mayMove(Place place, long furthest, boolean taken) {
    BigInteger passed = steps(place.next(), BigInteger.valueOf(furthest)).add(BigInteger.ONE);
    BigInteger left = left(furthest);
    return left.signum() > 0
        && left.multiply(BigInteger.valueOf(taken ? ENOUGH_WHEN_TAKEN : ENOUGH)).compareTo(passed)
            >= 0;
  }

  private BigInteger steps(BigInteger from, BigInteger to) {
    return to.subtract(from).divide(BigInteger.valueOf(increment));
  }

  private boolean isBefore(BigInteger one, BigInteger other) {
    return one.compareTo(other) * Long.signum(increment) < 0;
  }
}
