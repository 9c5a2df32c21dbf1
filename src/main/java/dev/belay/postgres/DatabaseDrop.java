package dev.belay.postgres;

import dev.belay.core.Identifier;

/** Drops a database although sessions are with it. */
public final class DatabaseDrop {
  private DatabaseDrop() {}

  /**
   * Ends the sessions and drops the database; does nothing when it is not there.
   *
   * @param maintenance a session with another database of the same server
   * @throws dev.belay.core.Failure when the server refuses: not the owner, a prepared transaction,
   *     a replication slot
   */
  public static void now(Database maintenance, String name) {
    Identifier database = new Identifier(name);
    if (!maintenance.test(
        "select exists (select from pg_catalog.pg_database where datname = ?)", name)) {
      return;
    }
    if (maintenance.test(
        "select datistemplate from pg_catalog.pg_database where datname = ?", name)) {
      maintenance.execute("alter database " + database + " is_template false");
    }
    if (ServerInfo.of(maintenance).major() >= 13) {
      maintenance.execute("drop database if exists " + database + " with (force)");
      return;
    }
    maintenance.execute("alter database " + database + " allow_connections false");
    maintenance.list(
        "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
            + " where datname = ?",
        row -> row.getBoolean(1),
        name);
    maintenance.execute("drop database if exists " + database);
  }
}
