package dev.belay.rehearse;

import dev.belay.postgres.Database;
import java.util.List;

/** What speaks for and against copying a database. */
final class CopyQueries {
  /** The server ends its own autovacuum workers for a copy. */
  private static final String SESSIONS =
      """
      select coalesce(nullif(a.application_name, ''), '?') || ' of '
               || coalesce(a.usename, '?') || ' (pid ' || a.pid || ')',
             coalesce(a.application_name, '') ~ '^belay:[0-9a-f]{12}'
        from pg_catalog.pg_stat_activity a
       where a.datname = ?
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.backend_type is distinct from 'autovacuum worker'
       order by a.backend_start
      """;

  private static final String LARGEST_TABLE =
      """
      select coalesce(max(pg_catalog.pg_total_relation_size(c.oid)), 0)
        from pg_catalog.pg_class c
       where c.relkind in ('r', 'm') and c.relpersistence <> 't'
      """;

  /** Without a look at the files, for which it would wait for whoever locks a table. */
  private static final String LARGEST_TABLE_TOLD =
      """
      select coalesce(max(c.relpages::bigint + coalesce(t.relpages, 0)
                          + (select coalesce(pg_catalog.sum(x.relpages), 0)::bigint
                               from pg_catalog.pg_index i
                               join pg_catalog.pg_class x on x.oid = i.indexrelid
                              where i.indrelid = c.oid)), 0)
               * pg_catalog.current_setting('block_size')::bigint
        from pg_catalog.pg_class c
        left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
       where c.relkind in ('r', 'm') and c.relpersistence <> 't'
      """;

  private static final String MAY_COPY =
      """
      select r.rolsuper
             or (r.rolcreatedb
                 and (d.datistemplate
                      or pg_catalog.pg_has_role(current_user, d.datdba, 'usage')))
        from pg_catalog.pg_roles r, pg_catalog.pg_database d
       where r.rolname = current_user and d.datname = ?
      """;

  private CopyQueries() {}

  /**
   * Somebody who is with a database.
   *
   * @param own whether it is Belay, of whose closed sessions the server may not know yet
   */
  record Session(String words, boolean own) {}

  static List<Session> sessions(Database maintenance, String database) {
    return maintenance.list(
        SESSIONS, row -> new Session(row.getString(1), row.getBoolean(2)), database);
  }

  /** Transactions that are prepared in it, with which nobody can copy it. */
  static long prepared(Database maintenance, String database) {
    return maintenance.number(
        "select pg_catalog.count(*) from pg_catalog.pg_prepared_xacts where database = ?",
        database);
  }

  static boolean mayCreate(Database maintenance) {
    return maintenance.test(
        "select rolsuper or rolcreatedb from pg_catalog.pg_roles where rolname = current_user");
  }

  static boolean mayCopy(Database maintenance, String database) {
    return maintenance.test(MAY_COPY, database);
  }

  static long bytes(Database session) {
    return session.number("select pg_catalog.pg_database_size(pg_catalog.current_database())");
  }

  /** Size of the largest table with its indexes. */
  static long largestTable(Database session) {
    return session.number(LARGEST_TABLE);
  }

  /** The same as of the last vacuum or analyze; where there was none, too little. */
  static long largestTableTold(Database session) {
    return session.number(LARGEST_TABLE_TOLD);
  }
}
