package dev.belay.api;

import java.sql.Connection;

/** What is done with one record of a migration. */
@FunctionalInterface
public interface RecordWork<T> {
  /**
   * Does it. What it throws is taken back and counted, and the next record follows; an {@link
   * Error} ends the migration.
   *
   * @param connection of the batch's transaction, which neither may be committed nor closed here
   */
  void apply(Connection connection, T record) throws Exception;
}
