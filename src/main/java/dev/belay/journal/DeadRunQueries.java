package dev.belay.journal;

import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** What the server shows of runs, living and dead. */
final class DeadRunQueries {
  /** A role that may not see others' sessions gets no application name of theirs. */
  private static final String LIVING =
      """
      select distinct pg_catalog.substring(a.application_name, '^belay:([0-9a-f]{12})$')
        from pg_catalog.pg_stat_activity a
       where a.application_name ~ '^belay:[0-9a-f]{12}$'
      """;

  private static final String CHILDREN =
      """
      select a.pid, a.application_name
        from pg_catalog.pg_stat_activity a
       where a.application_name ~ '^belay:[0-9a-f]{12}:'
       order by a.pid
      """;

  private static final String DATABASES =
      """
      select d.datname,
             pg_catalog.pg_get_userbyid(d.datdba),
             pg_catalog.shobj_description(d.oid, 'pg_database')
        from pg_catalog.pg_database d
       where d.datname ~ '^belay_scratch_[0-9a-f]{12}_[0-9]+$'
          or d.datname ~ '_belay_new_[0-9a-f]{12}$'
       order by d.datname
      """;

  private static final String SEES_SESSIONS_OF =
      """
      select pg_catalog.pg_has_role('pg_read_all_stats', 'usage')
          or coalesce((select pg_catalog.pg_has_role(r.oid, 'usage')
                         from pg_catalog.pg_roles r
                        where r.rolname = ?), true)
      """;

  /** Workers of autovacuum have no role. */
  private static final String STRANGERS =
      """
      select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity a
       where a.datname = ?
         and a.usesysid is not null
         and coalesce(a.application_name, '') not like 'belay:%'
      """;

  private DeadRunQueries() {}

  /** A child's session. */
  record Child(int pid, String applicationName) {}

  /** A database whose name says that a run made it for itself. */
  record Leftover(String name, String owner, Optional<DatabaseNote> note) {}

  static List<String> living(Database database) {
    return database.list(LIVING, row -> row.getString(1));
  }

  static List<Child> children(Database database) {
    return database.list(CHILDREN, row -> new Child(row.getInt(1), row.getString(2)));
  }

  static List<Leftover> databases(Database database) {
    return database.list(
        DATABASES,
        row ->
            new Leftover(row.getString(1), row.getString(2), DatabaseNote.read(row.getString(3))));
  }

  /** How many sessions are with a database that are not of any run. */
  static long strangers(Database database, String name) {
    return database.number(STRANGERS, name);
  }

  static boolean seesSessionsOf(Database database, String role) {
    return database.test(SEES_SESSIONS_OF, role);
  }

  static boolean terminate(Database database, Child child) {
    return database
        .first(
            "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
                + " where pid = ? and application_name = ?",
            row -> row.getBoolean(1),
            child.pid(),
            child.applicationName())
        .orElse(false);
  }
}
