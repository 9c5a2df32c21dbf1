package dev.belay.diff;

/**
 * What was written.
 *
 * @param removed rows
 * @param changed rows
 * @param added rows
 */
record Written(long removed, long changed, long added) {
  static final Written NOTHING = new Written(0, 0, 0);

  Written plus(Written more) {
    return new Written(removed + more.removed, changed + more.changed, added + more.added);
  }

  long rows() {
    return removed + changed + added;
  }
}
