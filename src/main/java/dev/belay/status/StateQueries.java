package dev.belay.status;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What verify-state asks the server. Every query reads the catalogue and statistics only. */
final class StateQueries {
  /** The server and the role of this session. */
  record Server(
      int versionNumber,
      String version,
      boolean standby,
      long uptimeSeconds,
      String role,
      boolean superuser,
      boolean createsDatabases,
      boolean seesAllSessions) {}

  /** Whether a database lets anybody in; {@code limit} is -1 when there is none. */
  record Door(boolean allowsConnections, int limit) {}

  /** A setting with a value, and for whom it holds. */
  record ServerSetting(String name, String value, String where) {}

  /** An index that no query may use. */
  record BrokenIndex(TableName index, TableName table, boolean beingBuilt) {}

  /** A constraint that was never checked against the rows that were there. */
  record OpenConstraint(String name, TableName table) {}

  /** A transaction that has been open for long. */
  record LongTransaction(String who, long seconds, String doing) {}

  private static final String SERVER =
      """
      select pg_catalog.current_setting('server_version_num')::integer,
             pg_catalog.current_setting('server_version'),
             pg_catalog.pg_is_in_recovery(),
             extract(epoch from pg_catalog.now() - pg_catalog.pg_postmaster_start_time())::bigint,
             r.rolname, r.rolsuper, r.rolsuper or r.rolcreatedb,
             r.rolsuper or pg_catalog.pg_has_role('pg_read_all_stats', 'usage')
        from pg_catalog.pg_roles r
       where r.rolname = current_user
      """;

  private static final String DOOR =
      "select d.datallowconn, d.datconnlimit from pg_catalog.pg_database d where d.datname = ?";

  /** What is in force here, and what is set for other roles and databases. */
  private static final String SETTINGS =
      """
      select s.name, s.setting, 'in force here'
        from pg_catalog.pg_settings s
       where s.name = any (?)
      union all
      select pg_catalog.lower(pg_catalog.split_part(c.setting, '=', 1)),
             pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1),
             pg_catalog.concat_ws(', ',
               'role ' || r.rolname, 'database ' || d.datname)
        from pg_catalog.pg_db_role_setting o
        cross join lateral pg_catalog.unnest(o.setconfig) as c (setting)
        left join pg_catalog.pg_roles r on r.oid = o.setrole
        left join pg_catalog.pg_database d on d.oid = o.setdatabase
       where pg_catalog.lower(pg_catalog.split_part(c.setting, '=', 1)) = any (?)
       order by 1, 3
      """;

  private static final String BROKEN_INDEXES =
      """
      select n.nspname, i.relname, tn.nspname, t.relname,
             exists (select from pg_catalog.pg_stat_progress_create_index p
                      where p.index_relid = x.indexrelid)
        from pg_catalog.pg_index x
        join pg_catalog.pg_class i on i.oid = x.indexrelid
        join pg_catalog.pg_namespace n on n.oid = i.relnamespace
        join pg_catalog.pg_class t on t.oid = x.indrelid
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
       where not (x.indisvalid and x.indisready and x.indislive)
         and i.relpersistence <> 't'
       order by 1, 2
      """;

  /** Since 18 a constraint may be declared as not enforced; then there is nothing to validate. */
  private static final String OPEN_CONSTRAINTS =
      """
      select c.conname, n.nspname, t.relname
        from pg_catalog.pg_constraint c
        join pg_catalog.pg_class t on t.oid = c.conrelid
        join pg_catalog.pg_namespace n on n.oid = t.relnamespace
       where not c.convalidated
         and pg_catalog.to_jsonb(c) ->> 'conenforced' is distinct from 'false'
         and n.nspname not in ('pg_catalog', 'information_schema')
       order by 2, 3, 1
      """;

  private static final String LONG_TRANSACTIONS =
      """
      select pg_catalog.format('pid %s, user %s, application "%s"',
                               a.pid, a.usename, a.application_name),
             extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::bigint as seconds,
             a.state
        from pg_catalog.pg_stat_activity a
       where a.datname = pg_catalog.current_database()
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.xact_start < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
      union all
      select pg_catalog.format('prepared transaction %s of %s', p.gid, p.owner),
             extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::bigint,
             'prepared'
        from pg_catalog.pg_prepared_xacts p
       where p.database = pg_catalog.current_database()
         and p.prepared < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => ?)
       order by seconds desc
      """;

  private static final String HIDDEN_SESSIONS =
      """
      select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity a
       where a.datname = pg_catalog.current_database()
         and not pg_catalog.pg_has_role(a.usesysid, 'usage')
      """;

  private StateQueries() {}

  static Server server(Database database) {
    return database.one(
        SERVER,
        row ->
            new Server(
                row.getInt(1),
                row.getString(2),
                row.getBoolean(3),
                row.getLong(4),
                row.getString(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8)));
  }

  static Optional<Door> door(Database database, String name) {
    return database.first(DOOR, row -> new Door(row.getBoolean(1), row.getInt(2)), name);
  }

  static List<ServerSetting> settings(Database database, List<String> names) {
    String[] wanted = names.toArray(String[]::new);
    return database.list(
        SETTINGS,
        row -> new ServerSetting(row.getString(1), row.getString(2), row.getString(3)),
        wanted,
        wanted);
  }

  static List<BrokenIndex> brokenIndexes(Database database) {
    return database.list(BROKEN_INDEXES, StateQueries::brokenIndex);
  }

  private static BrokenIndex brokenIndex(ResultSet row) throws SQLException {
    return new BrokenIndex(
        new TableName(row.getString(1), row.getString(2)),
        new TableName(row.getString(3), row.getString(4)),
        row.getBoolean(5));
  }

  static List<OpenConstraint> openConstraints(Database database) {
    return database.list(
        OPEN_CONSTRAINTS,
        row ->
            new OpenConstraint(
                new Identifier(row.getString(1)).toString(),
                new TableName(row.getString(2), row.getString(3))));
  }

  static List<LongTransaction> longTransactions(Database database, long seconds) {
    return database.list(
        LONG_TRANSACTIONS,
        row -> new LongTransaction(row.getString(1), row.getLong(2), row.getString(3)),
        (double) seconds,
        (double) seconds);
  }

  /** How many sessions there are of which this role may not see what they do. */
  static long hiddenSessions(Database database) {
    return database.number(HIDDEN_SESSIONS);
  }
}
