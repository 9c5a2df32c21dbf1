package dev.belay.monitor;

import org.jspecify.annotations.Nullable;

/**
 * What a database is doing at one moment. Counters count since the server's statistics began; null
 * is what this role may not see, or this server does not have.
 *
 * @param connections of clients with this database, without the one that asks
 * @param active those that are at work
 * @param waiting those that wait for a lock
 * @param longestTransactionMillis the age of the oldest open or prepared transaction
 * @param serverConnections of clients with all databases of the server
 * @param maxConnections that the server takes from roles for which none are reserved
 * @param databaseLimit of connections with this database; null: none
 * @param replicationLagBytes of the standby that is farthest behind; null: there is none
 * @param replicationLagMillis of the standby that is farthest behind, as long as there is writing
 * @param walPosition bytes that the server has written, or received, since it was made
 */
public record DatabaseFigures(
    @Nullable Integer connections,
    @Nullable Integer active,
    @Nullable Integer waiting,
    @Nullable Long longestTransactionMillis,
    @Nullable Integer serverConnections,
    @Nullable Integer maxConnections,
    @Nullable Integer databaseLimit,
    @Nullable Long replicationLagBytes,
    @Nullable Long replicationLagMillis,
    @Nullable Long walPosition,
    @Nullable Long commits,
    @Nullable Long rollbacks,
    @Nullable Long deadlocks,
    @Nullable Long tempBytes) {
  static final DatabaseFigures NONE =
      new DatabaseFigures(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** How many of the possible connections are taken, in percent; null when that is not known. */
  public @Nullable Double connectionShare() {
    Double server = share(serverConnections, maxConnections);
    // The one that asks has a place too.
    Double database = connections == null ? null : share(connections + 1, databaseLimit);
    if (server == null || database == null) {
      return server == null ? database : server;
    }
    return Math.max(server, database);
  }

  private static @Nullable Double share(@Nullable Integer part, @Nullable Integer whole) {
    return part == null || whole == null || whole <= 0
        ? null
        : Double.valueOf(100.0 * part / whole);
  }
}
