package dev.belay.ledger;

import dev.belay.postgres.Database;
import java.util.Optional;

/** Makes the ledger and asks what it is. */
final class LedgerQueries {
  private static final String PRESENT =
      "select pg_catalog.count(*) > 0 from pg_catalog.pg_namespace where nspname = 'belay'";

  private static final String HAS =
      """
      select pg_catalog.count(*) > 0
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'belay' and c.relname = ? and c.relkind = 'r'
      """;

  private static final String USABLE = "select pg_catalog.has_schema_privilege('belay', 'usage')";

  private static final String READABLE =
      "select pg_catalog.has_table_privilege('belay.' || ?, 'select')";

  /** Only one session at a time makes it; the others wait here and then find it. */
  private static final String ALONE =
      "select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('belay.ledger', 0))";

  private LedgerQueries() {}

  static boolean present(Database session) {
    return session.test(PRESENT);
  }

  /** Whether it has that table. */
  static boolean has(Database session, String table) {
    return session.test(HAS, table);
  }

  /** Whether this role may look into it. */
  static boolean usable(Database session) {
    return session.test(USABLE);
  }

  /** Whether this role may read that table of it. */
  static boolean readable(Database session, String table) {
    return session.test(READABLE, table);
  }

  /** The number of its form; empty: a schema of that name that is no ledger. */
  static Optional<Integer> form(Database session) {
    return has(session, "form")
        ? session.first("select form from belay.form", row -> row.getInt(1))
        : Optional.empty();
  }

  static void alone(Database session) {
    session.list(ALONE, row -> "");
  }

  /** Without parameters the driver sends all statements of it, one after the other. */
  static void make(Database session, String sql) {
    session.execute(sql);
  }
}
