package dev.belay.pgtools;

import dev.belay.postgres.Database;

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

  static boolean isSuperuser(Database database) {
    return database.test(SUPERUSER);
  }

  static boolean ownsPublic(Database database) {
    return database.test(OWNS_PUBLIC);
  }

  static long maintenanceKilobytes(Database database) {
    return database.number(MAINTENANCE);
  }

  static long bufferKilobytes(Database database) {
    return database.number(BUFFERS);
  }
}
