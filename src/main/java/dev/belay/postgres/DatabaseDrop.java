package dev.belay.postgres;

import dev.belay.core.Identifier;
import java.util.List;

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

  /**
   * The same, after it rolled back the transactions that were prepared there, which outlive every
   * session and with which no database can be dropped. Only for a database of which nothing is to
   * stay.
   *
   * @param maintenance a session with another database of the same server
   * @throws dev.belay.core.Failure when the server refuses
   */
  public static void withPrepared(Database maintenance, String name) {
    if (!prepared(maintenance, name).isEmpty()) {
      try (Database session =
          new JdbcDatabases("belay").open(maintenance.target().withDatabase(name))) {
        for (String transaction : prepared(session, name)) {
          session.execute("rollback prepared " + Identifier.literal(transaction));
        }
      }
    }
    now(maintenance, name);
  }

  private static List<String> prepared(Database session, String name) {
    return session.list(
        "select gid from pg_catalog.pg_prepared_xacts where database = ?",
        row -> row.getString(1),
        name);
  }
}
