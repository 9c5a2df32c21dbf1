package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Asks which tables there are, and which of them the session has locked. */
final class HeldLocksQueries {
  private static final String TABLES =
      """
      select c.oid::bigint, n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'm')
         and c.relpersistence <> 't'
         and c.oid >= 16384
      """;

  private static final String HELD =
      """
      select l.relation::bigint, l.mode
        from pg_catalog.pg_locks l
       where l.pid = pg_catalog.pg_backend_pid()
         and l.locktype = 'relation'
         and l.relation >= 16384
         and l.granted
      """;

  /**
   * By the server's count of rows in pg_largeobject and pg_largeobject_metadata, since a lock on
   * those does not stay. Where nothing is counted they may have been.
   */
  private static final String LARGE_OBJECTS =
      """
      select not pg_catalog.current_setting('track_counts')::boolean
             or exists (select
                          from pg_catalog.unnest(array[2613, 2995]) as t (oid)
                         where pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid)
                                 + pg_catalog.pg_stat_get_xact_tuples_updated(t.oid)
                                 + pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) > 0)
      """;

  private HeldLocksQueries() {}

  /** Whether the transaction may have written large objects. */
  static boolean wroteLargeObjects(Database session) {
    return session.test(LARGE_OBJECTS);
  }

  static Map<Long, TableName> tables(Database session) {
    Map<Long, TableName> tables = new HashMap<>();
    session.list(
        TABLES,
        row ->
            tables.put(row.getLong(1), new TableName(row.getString(2), row.getString(3))) == null);
    return tables;
  }

  static Map<Long, Set<LockMode>> held(Database session) {
    Map<Long, Set<LockMode>> held = new HashMap<>();
    session.list(
        HELD,
        row ->
            held.computeIfAbsent(row.getLong(1), none -> new TreeSet<>())
                .add(LockMode.of(row.getString(2))));
    return held;
  }
}
