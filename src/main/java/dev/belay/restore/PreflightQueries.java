package dev.belay.restore;

import dev.belay.postgres.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the server has of what a backup needs. */
final class PreflightQueries {
  private static final String ESTIMATES =
      """
      select s.schemaname || '.' || s.relname, s.n_live_tup
        from pg_catalog.pg_stat_user_tables s
       where not exists (
               select
                 from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = s.relid
                  and d.deptype = 'e')
      """;

  private static final String EXTENSIONS =
      """
      select name, pg_catalog.string_agg(version, ' ')
        from pg_catalog.pg_available_extension_versions
       group by name
      """;

  private PreflightQueries() {}

  static List<String> roles(Database session) {
    return session.list("select rolname from pg_catalog.pg_roles", row -> row.getString(1));
  }

  /** By name, all versions that could be installed. */
  static Map<String, List<String>> extensions(Database session) {
    Map<String, List<String>> found = new TreeMap<>();
    session.list(
        EXTENSIONS,
        row -> found.put(row.getString(1), List.of(row.getString(2).split(" "))) == null);
    return found;
  }

  static boolean mayCreateDatabases(Database session) {
    return session.test(
        "select rolsuper or rolcreatedb from pg_catalog.pg_roles where rolname = current_user");
  }

  static boolean exists(Database session, String database) {
    return session.test(
        "select exists (select from pg_catalog.pg_database where datname = ?)", database);
  }

  /** The server's own guess of the rows of each table, which costs nothing. */
  static Map<String, Long> estimates(Database live) {
    Map<String, Long> found = new TreeMap<>();
    live.list(ESTIMATES, row -> found.put(row.getString(1), row.getLong(2)) == null);
    return found;
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
