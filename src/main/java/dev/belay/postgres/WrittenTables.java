package dev.belay.postgres;

import dev.belay.core.TableName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which tables a transaction has written, by triggers and cascades too: the server's own count of
 * its rows, and not what statements look like.
 */
public final class WrittenTables {
  /** What empties or rewrites a table whole is in no count of rows, but has locked it. */
  private static final String WRITTEN =
      """
      select s.schemaname, s.relname
        from pg_catalog.pg_stat_xact_user_tables s
       where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
      union
      select n.nspname, c.relname
        from pg_catalog.pg_locks l
        join pg_catalog.pg_class c on c.oid = l.relation
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where l.pid = pg_catalog.pg_backend_pid()
         and l.locktype = 'relation'
         and l.granted
         and l.mode in ('AccessExclusiveLock', 'ExclusiveLock')
         and l.database = (select d.oid
                             from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
      """;

  private WrittenTables() {}

  /**
   * The tables whose rows the transaction of this session may have changed so far.
   *
   * @return empty: there is no transaction, or the server does not count rows
   */
  public static Optional<Set<TableName>> of(Database session) {
    if (!session.isInTransaction()
        || !session.test("select pg_catalog.current_setting('track_counts')::boolean")) {
      return Optional.empty();
    }
    return Optional.of(
        Set.copyOf(
            session.list(WRITTEN, row -> new TableName(row.getString(1), row.getString(2)))));
  }

  /** The tables of both; empty where one of them is not known. */
  public static Optional<Set<TableName>> both(
      Optional<Set<TableName>> one, Optional<Set<TableName>> other) {
    return one.flatMap(
        tables ->
            other.map(
                more -> {
                  Set<TableName> all = new HashSet<>(tables);
                  all.addAll(more);
                  return Set.copyOf(all);
                }));
  }
}
