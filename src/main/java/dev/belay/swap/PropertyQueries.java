package dev.belay.swap;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.DatabaseSetting;
import java.util.List;
import java.util.Optional;

/** Reads what belongs to a database itself. */
final class PropertyQueries {
  private static final String DATABASE =
      """
      select pg_catalog.pg_get_userbyid(d.datdba),
             t.spcname,
             d.datconnlimit,
             d.datistemplate,
             d.datallowconn,
             pg_catalog.shobj_description(d.oid, 'pg_database'),
             d.datacl is null
        from pg_catalog.pg_database d
        join pg_catalog.pg_tablespace t on t.oid = d.dattablespace
       where d.datname = ?
      """;

  /** One row per grantee and privilege, whoever granted it. */
  private static final String GRANTS =
      """
      select r.rolname, a.privilege_type, bool_or(a.is_grantable)
        from pg_catalog.pg_database d
       cross join lateral pg_catalog.aclexplode(d.datacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
       where d.datname = ?
         and (a.grantee = 0 or r.rolname is not null)
       group by r.rolname, a.privilege_type
       order by r.rolname nulls first, a.privilege_type
      """;

  private static final String LABELS =
      """
      select l.provider, l.label
        from pg_catalog.pg_shseclabel l
        join pg_catalog.pg_database d on d.oid = l.objoid
       where l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
         and d.datname = ?
       order by l.provider
      """;

  private record Head(
      String owner,
      String tablespace,
      int limit,
      boolean template,
      boolean open,
      Optional<String> comment,
      boolean defaultGrants) {}

  private PropertyQueries() {}

  /** Whether a database may be created for that role; not when there is no such role. */
  static boolean mayGiveTo(Database session, String role) {
    return session.test(
        """
        select coalesce(
                 (select pg_catalog.pg_has_role(
                           r.oid,
                           case when pg_catalog.current_setting('server_version_num')::integer
                                       >= 160000
                                then 'set' else 'member' end)
                    from pg_catalog.pg_roles r
                   where r.rolname = ?),
                 false)
        """,
        role);
  }

  /** Everybody may use the default, when it is not named. */
  static boolean mayUseTablespace(Database session, String tablespace) {
    return tablespace.equals("pg_default")
        || session.test(
            """
            select exists (select
                             from pg_catalog.pg_tablespace t
                            where t.spcname = ?
                              and pg_catalog.has_tablespace_privilege(t.oid, 'create'))
            """,
            tablespace);
  }

  static DatabaseProperties read(Database maintenance, String database) {
    Head head =
        maintenance
            .first(
                DATABASE,
                row ->
                    new Head(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        Optional.ofNullable(row.getString(6)),
                        row.getBoolean(7)),
                database)
            .orElseThrow(
                () ->
                    Failure.unavailable(
                        "there is no database " + database + " on the server",
                        "list the databases with: psql --list"));
    return new DatabaseProperties(
        head.owner(),
        DatabaseLocale.of(maintenance, database),
        head.tablespace(),
        head.limit(),
        head.template(),
        head.open(),
        new SwapQueries.State(head.open(), head.comment(), head.owner()).ownComment(),
        head.defaultGrants() ? Optional.empty() : Optional.of(grants(maintenance, database)),
        DatabaseSetting.of(maintenance, database),
        labels(maintenance, database));
  }

  private static List<DatabaseProperties.Grant> grants(Database maintenance, String database) {
    return maintenance.list(
        GRANTS,
        row ->
            new DatabaseProperties.Grant(
                Optional.ofNullable(row.getString(1)), row.getString(2), row.getBoolean(3)),
        database);
  }

  private static List<DatabaseProperties.SecurityLabel> labels(
      Database maintenance, String database) {
    return maintenance.list(
        LABELS,
        row -> new DatabaseProperties.SecurityLabel(row.getString(1), row.getString(2)),
        database);
  }
}
