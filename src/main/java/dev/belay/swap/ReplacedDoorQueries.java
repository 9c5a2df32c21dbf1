package dev.belay.swap;

import dev.belay.postgres.Database;
import java.util.List;

/** Who is with a replaced database. */
final class ReplacedDoorQueries {
  private static final String STRANGERS =
      """
      select a.pid, coalesce(a.usename::text, '?'), coalesce(a.application_name, '')
        from pg_catalog.pg_stat_activity a
       where a.datname = ?
         and a.usesysid is not null
         and coalesce(a.application_name, '') not like 'belay:%'
       order by a.pid
       limit 5
      """;

  private static final String MAY_OPEN =
      """
      select coalesce(pg_catalog.bool_or(
               me.rolsuper or pg_catalog.pg_has_role(d.datdba, 'usage')), false)
        from pg_catalog.pg_database d
       cross join pg_catalog.pg_roles me
       where d.datname = ?
         and me.rolname = current_user
      """;

  private ReplacedDoorQueries() {}

  /** Whether this role may say whether the database accepts connections. */
  static boolean mayOpen(Database maintenance, String database) {
    return maintenance.test(MAY_OPEN, database);
  }

  /** Sessions that are not Belay's, in words. */
  static List<String> strangers(Database maintenance, String database) {
    return maintenance.list(
        STRANGERS,
        row ->
            "pid %d (user %s, application \"%s\")"
                .formatted(row.getInt(1), row.getString(2), row.getString(3)),
        database);
  }
}
