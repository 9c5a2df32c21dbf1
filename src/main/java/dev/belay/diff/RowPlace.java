package dev.belay.diff;

/**
 * Where a row lies, by which it can be found again in the same snapshot, whatever its key.
 *
 * @param table the number in {@code pg_class} of the table or partition that holds it
 * @param block the page
 * @param offset its place in the page
 */
public record RowPlace(long table, long block, int offset) {
  /** The text of its {@code ctid}. */
  public String ctid() {
    return "(" + block + "," + offset + ")";
  }
}
