package dev.belay.rehearse;

import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** What speaks for and against copying a database. */
final class CopyQueries {
  private static final String SESSIONS =
      """
      select coalesce(nullif(a.application_name, ''), '?') || ' of '
               || coalesce(a.usename, '?') || ' (pid ' || a.pid || ')'
        from pg_catalog.pg_stat_activity a
       where a.datname = ?
         and a.pid <> pg_catalog.pg_backend_pid()
       order by a.backend_start
      """;

  private static final String MAY_COPY =
      """
      select r.rolsuper
             or (r.rolcreatedb
                 and (d.datistemplate
                      or pg_catalog.pg_has_role(current_user, d.datdba, 'member')))
        from pg_catalog.pg_roles r, pg_catalog.pg_database d
       where r.rolname = current_user and d.datname = ?
      """;

  private CopyQueries() {}

  /** Who is with a database, in words. */
  static List<String> sessions(Database maintenance, String database) {
    return maintenance.list(SESSIONS, row -> row.getString(1), database);
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

  /** Where the server keeps its files; empty when this role may not know. */
  static Optional<String> dataDirectory(Database session) {
    return session
        .first(
            "select setting from pg_catalog.pg_settings where name = 'data_directory'",
            row -> Optional.ofNullable(row.getString(1)))
        .flatMap(setting -> setting);
  }
}
