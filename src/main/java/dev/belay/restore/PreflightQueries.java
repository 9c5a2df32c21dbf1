package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the server has of what a backup needs. */
final class PreflightQueries {
  private static final String ESTIMATES =
      """
      select s.schemaname || '.' || s.relname, s.n_live_tup,
             pg_catalog.format('%I.%I', s.schemaname, s.relname),
             pg_catalog.pg_relation_size(s.relid) <= 16777216
        from pg_catalog.pg_stat_user_tables s
        join pg_catalog.pg_class c on c.oid = s.relid and c.relkind = 'r'
       where not exists (
               select
                 from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = s.relid
                  and d.deptype = 'e')
      """;

  /** What a restore in place makes anew, by number. */
  private static final String OBJECTS =
      """
      select coalesce(pg_catalog.md5(pg_catalog.string_agg(o.oid::text, ',' order by o.oid)), '')
        from (select c.oid
                from pg_catalog.pg_class c
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               where pg_catalog.left(n.nspname, 3) <> 'pg_'
              union all
              select p.oid
                from pg_catalog.pg_proc p
              union all
              select t.oid
                from pg_catalog.pg_type t
               where t.typtype in ('e', 'd')) o
       where o.oid >= 16384
      """;

  /** What they run is left out, since it may hold secrets. */
  private static final String IN_THE_WAY =
      """
      select coalesce(
               pg_catalog.string_agg(
                 pg_catalog.format(
                   'pid %s (user %s, application "%s", %s since %s)',
                   b.pid, a.usename, a.application_name, coalesce(a.state, '?'),
                   pg_catalog.date_trunc('second', coalesce(a.xact_start, a.backend_start))),
                 ', '),
               'somebody')
        from pg_catalog.pg_stat_activity w
       cross join lateral pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) b (pid)
        left join pg_catalog.pg_stat_activity a on a.pid = b.pid
       where w.application_name = ?
         and w.wait_event_type = 'Lock'
       group by w.pid
      """;

  private static final long COUNTING_NANOS = 1_000_000_000;

  private PreflightQueries() {}

  /** A text that is another as soon as an object is dropped or made. */
  static String objects(Database session) {
    return session.text(OBJECTS);
  }

  /** Who keeps sessions of that name waiting for a lock, in words; empty: none waits. */
  static Optional<String> inTheWay(Database session, String applicationName) {
    return session.first(IN_THE_WAY, row -> row.getString(1), applicationName);
  }

  static void terminate(Database session, String applicationName) {
    session.list(
        "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
            + " where application_name = ?",
        row -> row.getBoolean(1),
        applicationName);
  }

  static long sessions(Database session, String applicationName) {
    return session.number(
        "select pg_catalog.count(*) from pg_catalog.pg_stat_activity where application_name = ?",
        applicationName);
  }

  /** Those that this role may not create; which of them are trusted is known since 13. */
  static List<String> extensionsOfSuperusers(Database session) {
    return session.list(
        """
        select v.name
          from pg_catalog.pg_available_extension_versions v
          join pg_catalog.pg_roles me on me.rolname = current_user
         where not me.rolsuper
         group by v.name
        having bool_and(v.superuser
                        and pg_catalog.to_jsonb(v) ->> 'trusted' is distinct from 'true')
        """,
        row -> row.getString(1));
  }

  static boolean mayCreateDatabases(Database session) {
    return session.test(
        "select rolsuper or rolcreatedb from pg_catalog.pg_roles where rolname = current_user");
  }

  static boolean exists(Database session, String database) {
    return session.test(
        "select exists (select from pg_catalog.pg_database where datname = ?)", database);
  }

  /** The server's guess of one table's rows. */
  private record Estimate(String table, long rows, String quoted, boolean small) {}

  /**
   * About how many rows each table has that a manifest counts: the server's own guess, which costs
   * nothing. It forgets that in a crash, so small tables that seem to differ from the backup are
   * counted, for a second in all. Materialized views and partitioned tables have no rows of their
   * own.
   *
   * @param then the rows in the backup
   */
  static Map<String, Long> rows(Database live, Map<String, Long> then) {
    List<Estimate> estimates =
        live.list(
            ESTIMATES,
            row ->
                new Estimate(
                    row.getString(1), row.getLong(2), row.getString(3), row.getBoolean(4)));
    Map<String, Long> found = new TreeMap<>();
    estimates.forEach(each -> found.put(each.table(), each.rows()));
    long until = System.nanoTime() + COUNTING_NANOS;
    for (Estimate each : estimates) {
      long millis = (until - System.nanoTime()) / 1_000_000;
      boolean differs = !Long.valueOf(each.rows()).equals(then.get(each.table()));
      if (differs && each.small() && millis > 0) {
        counted(live, each, millis).ifPresent(rows -> found.put(each.table(), rows));
      }
    }
    return found;
  }

  /** Empty: not in that time, or this role may not. */
  private static Optional<Long> counted(Database live, Estimate table, long millis) {
    try {
      return Optional.of(
          live.inTransaction(
              () -> {
                live.execute(
                    "select pg_catalog.set_config('statement_timeout', ?, true),"
                        + " pg_catalog.set_config('lock_timeout', '100ms', true)",
                    millis + "ms");
                return live.number("select pg_catalog.count(*) from only " + table.quoted());
              }));
    } catch (Failure notCounted) {
      if (SqlState.lostConnection(notCounted)) {
        throw notCounted;
      }
      return Optional.empty();
    }
  }

  /** Where the server keeps its files; empty when this role may not know. */
  static Optional<String> dataDirectory(Database session) {
    return session
        .first(
            "select setting from pg_catalog.pg_settings where name = 'data_directory'",
            row -> Optional.ofNullable(row.getString(1)))
        .flatMap(setting -> setting);
  }
}
