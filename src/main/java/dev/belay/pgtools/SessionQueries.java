package dev.belay.pgtools;

import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What the server shows of a tool's sessions. */
final class SessionQueries {
  /**
   * Sessions at work: on the processor, or waiting for anything but a lock and the tool itself. A
   * wait that ends changes the time of the session's state, too.
   */
  private static final String WORKING =
      """
      select count(*)
        from pg_catalog.pg_stat_activity a
       where a.application_name = ?
         and a.state in ('active', 'fastpath function call')
         and coalesce(a.wait_event_type, '') not in ('Lock', 'Client')
      """;

  private static final String TERMINATE =
      """
      select count(pg_catalog.pg_terminate_backend(a.pid))
        from pg_catalog.pg_stat_activity a
       where a.application_name = ?
         and a.usename = current_user
      """;

  /** Locks that keep a dump from reading, held or waited for; without the text of any statement. */
  private static final String BLOCKERS =
      """
      select case when l.granted then 'held' else 'waited for' end,
             n.nspname || '.' || c.relname,
             a.pid,
             coalesce(a.usename, '?'),
             coalesce(nullif(a.application_name, ''), 'unnamed'),
             coalesce(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start), 0)
        from pg_catalog.pg_locks l
        join pg_catalog.pg_stat_activity a on a.pid = l.pid
        join pg_catalog.pg_class c on c.oid = l.relation
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where l.locktype = 'relation'
         and l.mode = 'AccessExclusiveLock'
         and l.database = (select d.oid
                             from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
         and c.relkind in ('r', 'p', 'm', 'v', 'S', 'f')
         and n.nspname !~ '^pg_'
         and a.pid <> pg_catalog.pg_backend_pid()
       order by l.granted desc, a.xact_start
       limit 3
      """;

  private static final String SUPERUSER =
      """
      select r.rolsuper
        from pg_catalog.pg_roles r
       where r.rolname = current_user
      """;

  private static final String OWNS_PUBLIC =
      """
      select coalesce((select pg_catalog.pg_has_role(n.nspowner, 'member')
                         from pg_catalog.pg_namespace n
                        where n.nspname = 'public'), true)
      """;

  /** In kB: the setting, and half of shared_buffers as what the machine was meant to spare. */
  private static final String MAINTENANCE =
      """
      select pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')) / 1024
      """;

  private static final String BUFFERS =
      """
      select pg_catalog.pg_size_bytes(pg_catalog.current_setting('shared_buffers')) / 1024
      """;

  private SessionQueries() {}

  static long working(Database database, String applicationName) {
    return database.number(WORKING, applicationName);
  }

  static long terminate(Database database, String applicationName) {
    return database.number(TERMINATE, applicationName);
  }

  static List<String> blockers(Database database) {
    return database.list(
        BLOCKERS,
        row ->
            "the strongest lock on %s is %s by process %d (user %s, application %s, since %s)"
                .formatted(
                    TextTable.visible(row.getString(2)),
                    row.getString(1),
                    row.getInt(3),
                    TextTable.visible(row.getString(4)),
                    TextTable.visible(row.getString(5)),
                    Units.duration(Duration.ofMillis((long) (row.getDouble(6) * 1000)))));
  }

  static boolean isSuperuser(Database database) {
    return database.test(SUPERUSER);
  }

  static boolean ownsPublic(Database database) {
    return database.test(OWNS_PUBLIC);
  }

  /** Extensions that this role may not drop. */
  static Set<String> extensionsOfOthers(Database database) {
    return Set.copyOf(
        database.list(
            "select extname from pg_catalog.pg_extension"
                + " where not pg_catalog.pg_has_role(extowner, 'usage')",
            row -> row.getString(1)));
  }

  static long maintenanceKilobytes(Database database) {
    return database.number(MAINTENANCE);
  }

  static long bufferKilobytes(Database database) {
    return database.number(BUFFERS);
  }
}
