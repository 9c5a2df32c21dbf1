package dev.belay.gradual;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;

/** What the switch asks about tables that lose something. */
final class SwitchQueries {
  private SwitchQueries() {}

  static boolean exists(Database session, TableName table) {
    return session.test("select pg_catalog.to_regclass(?) is not null", table.toString());
  }

  /** Nobody writes or reads from now on; dropping something needs the same lock. */
  static void lock(Database session, TableName table) {
    session.execute("lock table " + table + " in access exclusive mode");
  }

  /** Without rows of tables that inherit from it, which are tables of their own. */
  private static String from(Database session, TableName table) {
    boolean partitioned =
        session.test(
            "select c.relkind = 'p' from pg_catalog.pg_class c"
                + " where c.oid = pg_catalog.to_regclass(?)",
            table.toString());
    return partitioned ? table.toString() : "only " + table;
  }

  static long rows(Database session, TableName table) {
    return session.number("select pg_catalog.count(*) from " + from(session, table));
  }

  static long values(Database session, TableName table, String column) {
    return session.number(
        "select pg_catalog.count(%s) from %s"
            .formatted(new Identifier(column), from(session, table)));
  }
}
