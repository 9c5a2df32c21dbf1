package dev.belay.rollback;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an undo asks the live database. */
final class RollbackQueries {
  /** Those who would be waited for; a session of this program never is. */
  private static final String SESSIONS =
      """
      select distinct a.pid, coalesce(a.usename::text, ''), coalesce(a.application_name, ''),
             coalesce(a.state, ''), a.xact_start,
             pg_catalog.left(
               pg_catalog.regexp_replace(
                 pg_catalog.regexp_replace(coalesce(a.query, ''), '''[^'']*(''|$)', '''…''', 'g'),
                 '\\s+', ' ', 'g'),
               200)
        from pg_catalog.pg_locks l
        join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'relation'
         and l.granted
         and l.relation = any (select pg_catalog.to_regclass(t.name)
                                 from pg_catalog.unnest(?) t (name))
         and l.database = (select d.oid from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
         and a.pid <> pg_catalog.pg_backend_pid()
         and coalesce(a.application_name, '') not like 'belay:%'
       order by 1
      """;

  /** Looked at and ended in one statement, so that it is still the transaction that was named. */
  private static final String END =
      """
      select coalesce(pg_catalog.bool_or(pg_catalog.pg_terminate_backend(a.pid)), false)
        from pg_catalog.pg_stat_activity a
       where a.pid = ?
         and a.xact_start = ?
         and a.state like 'idle in transaction%'
         and a.backend_type = 'client backend'
         and coalesce(a.application_name, '') not like 'belay:%'
      """;

  private static final String LEDGER =
      """
      select case when n.oid is null
                  then pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create')
                  else pg_catalog.has_schema_privilege(n.oid, 'usage')
                   and coalesce(pg_catalog.has_table_privilege(
                         pg_catalog.to_regclass('belay.undone'), 'insert'), false) end
        from (select 1) one
        left join pg_catalog.pg_namespace n on n.nspname = 'belay'
      """;

  /** Rows that are added are no change of these lines. */
  private static final String LEDGER_TABLES =
      """
      select pg_catalog.concat_ws(' ', c.oid, c.relname, c.relfilenode,
               pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
                 + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid))
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'belay' and c.relkind in ('r', 'p')
      """;

  private static final String INVALID =
      """
      select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
             c.relname
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where not i.indisvalid and c.relkind = 'i'
      """;

  private static final String COLUMN =
      """
      select exists (select from pg_catalog.pg_attribute a
                      where a.attrelid = pg_catalog.to_regclass(?)
                        and a.attname = ? and a.attnum > 0 and not a.attisdropped)
      """;

  private RollbackQueries() {}

  /** A session that holds locks on what is to be undone. */
  record Session(
      int pid,
      String user,
      String application,
      String state,
      @Nullable OffsetDateTime since,
      String query) {
    String words() {
      return "pid %d (user %s, application \"%s\", %s%s)%s"
          .formatted(
              pid,
              user.isEmpty() ? "?" : user,
              application,
              state.isEmpty() ? "?" : state,
              since == null ? "" : " since " + since.toInstant(),
              query.isEmpty() ? "" : ": " + query);
    }
  }

  static List<Session> sessionsOn(Database session, Collection<TableName> tables) {
    return session.list(
        SESSIONS,
        row ->
            new Session(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getObject(5, OffsetDateTime.class),
                row.getString(6)),
        (Object) tables.stream().map(TableName::toString).toArray(String[]::new));
  }

  /** Ends a session if it still is in that transaction and does nothing in it. */
  static boolean end(Database session, Session named) {
    return named.since() != null && session.test(END, named.pid(), named.since());
  }

  static boolean ledgerCanBeWritten(Database session) {
    return session.test(LEDGER);
  }

  static String user(Database session) {
    return session.text("select current_user::text");
  }

  /** Writers wait from now on, readers do not. */
  static void lock(Database session, TableName table) {
    session.execute("lock table " + table + " in share row exclusive mode");
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

  static boolean exists(Database session, TableName table) {
    return session.test("select pg_catalog.to_regclass(?) is not null", table.toString());
  }

  static boolean hasColumn(Database session, TableName table, String column) {
    return session.test(COLUMN, table.toString(), column);
  }

  /** The ledger's tables with what makes them differ when rows of them go. */
  static Set<String> ledgerTables(Database session) {
    return Set.copyOf(session.list(LEDGER_TABLES, row -> row.getString(1)));
  }

  /**
   * An index that the server does not use.
   *
   * @param quoted with its schema, as in SQL
   */
  record InvalidIndex(String quoted, String name) {}

  static List<InvalidIndex> invalidIndexes(Database session) {
    return session.list(INVALID, row -> new InvalidIndex(row.getString(1), row.getString(2)));
  }

  static String lockTimeout(Database session) {
    return session.text("select pg_catalog.current_setting('lock_timeout')");
  }

  /** Until it is set again. */
  static void limit(Database session, String lockTimeout) {
    session.execute("select pg_catalog.set_config('lock_timeout', ?, false)", lockTimeout);
  }

  static long rows(Database session, TableName table) {
    return session.number("select pg_catalog.count(*) from " + from(session, table));
  }

  static long values(Database session, TableName table, String column) {
    return session.number(
        "select pg_catalog.count(%s) from %s"
            .formatted(new Identifier(column), from(session, table)));
  }

  /** The oldest transaction of which a snapshot taken from now on may not show everything. */
  static long oldest(Database session) {
    return session.number(
        "select pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot())");
  }

  /** The transaction that comes next. */
  static long next(Database session) {
    return session.number(
        "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())");
  }

  /** Which rows were written by that transaction or later; rows keep half of the digits. */
  static String writtenSince(long oldest, long next) {
    return "((%d - xmin::text::int8) & 4294967295) <= %d".formatted(next, next - oldest);
  }

  static long countWhere(Database session, TableName table, String condition) {
    return session.number(
        "select pg_catalog.count(*) from %s where %s".formatted(from(session, table), condition));
  }

  /** The server's word for what became of a transaction; unknown where it has forgotten. */
  static String became(Database session, long transaction) {
    return session.text(
        "select coalesce(pg_catalog.txid_status(?::bigint), 'unknown')", transaction);
  }
}
