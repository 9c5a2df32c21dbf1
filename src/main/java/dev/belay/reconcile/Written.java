package dev.belay.reconcile;

/**
 * What was written to a table of the source since the backup.
 *
 * @param added rows that the backup does not have
 * @param changed rows that the backup has with other values
 * @param removed rows that only the backup has
 */
public record Written(long added, long changed, long removed) {
  /** Whether nothing was. */
  public boolean nothing() {
    return added == 0 && changed == 0 && removed == 0;
  }
}
