package dev.belay.diff;

import java.util.Optional;

/** Rows as they come from the server, sorted by the hash of their keys and then of their values. */
interface RowStream extends AutoCloseable {
  /**
   * A row: where it lies, and what it comes to.
   *
   * @param key the hash of its key
   * @param row the hash of its values
   * @param ancestry the hash of those values that the common ancestor has, too
   */
  record Row(long key, long row, long ancestry, RowPlace place) {}

  /** The next one, as long as there is one. */
  Optional<Row> next();

  /** Stops reading. */
  @Override
  void close();
}
