package dev.belay.backup;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** What could keep pg_dump from reading everything, as the server knows it. */
final class PreflightQueries {
  /** Relations that a user made: not of the system, of another session, or of an extension. */
  private static final String OF_USERS =
      """
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and c.relpersistence <> 't'
         and not exists (
               select
                 from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = c.oid
                  and d.deptype = 'e')
      """;

  private static final String UNREADABLE =
      """
      select n.nspname, c.relname
      """
          + OF_USERS
          + """
         and c.relkind in ('r', 'p', 'S')
         and not (pg_catalog.has_schema_privilege(n.oid, 'usage')
                  and case when c.relkind = 'S'
                           then pg_catalog.has_sequence_privilege(c.oid, 'select')
                           else pg_catalog.has_table_privilege(c.oid, 'select') end)
       order by 1, 2
      """;

  private static final String HIDDEN_BY_POLICY =
      """
      select n.nspname, c.relname
      """
          + OF_USERS
          + """
         and c.relkind in ('r', 'p')
         and c.relrowsecurity
         and pg_catalog.row_security_active(c.oid)
       order by 1, 2
      """;

  /** Whoever has, or waits for, a lock that stands in the way of reading. */
  private static final String EXCLUSIVE =
      """
      select n.nspname, c.relname, l.pid, l.granted,
             coalesce(a.usename::text, '?'), coalesce(a.application_name, ''),
             coalesce(pg_catalog.date_trunc('second', a.xact_start)::text, '')
        from pg_catalog.pg_locks l
        join pg_catalog.pg_database d on d.oid = l.database and d.datname = current_database()
        join pg_catalog.pg_class c on c.oid = l.relation
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'relation'
         and l.mode = 'AccessExclusiveLock'
         and l.pid <> pg_catalog.pg_backend_pid()
         and c.relkind in ('r', 'p', 'S')
         and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and c.relpersistence <> 't'
       order by l.granted desc, 1, 2
      """;

  /**
   * Sessions that are still free for this role; a superuser has the reserved ones too. Of the
   * sessions of others an ordinary role sees the user and not the kind.
   */
  private static final String FREE_SESSIONS =
      """
      select least(
               pg_catalog.current_setting('max_connections')::integer
                 - case when r.rolsuper then 0
                        else (select coalesce(sum(s.setting::integer), 0)
                                from pg_catalog.pg_settings s
                               where s.name in ('superuser_reserved_connections',
                                                'reserved_connections')) end
                 - (select count(*) from pg_catalog.pg_stat_activity a
                     where a.usesysid is not null
                       and coalesce(a.backend_type, 'client backend')
                             in ('client backend', 'walsender')),
               case when r.rolsuper or r.rolconnlimit < 0 then 2147483647
                    else r.rolconnlimit
                         - (select count(*) from pg_catalog.pg_stat_activity a
                             where a.usename = r.rolname) end,
               case when r.rolsuper or d.datconnlimit < 0 then 2147483647
                    else d.datconnlimit
                         - (select count(*) from pg_catalog.pg_stat_activity a
                             where a.datname = d.datname) end)
        from pg_catalog.pg_roles r, pg_catalog.pg_database d
       where r.rolname = current_user and d.datname = current_database()
      """;

  private static final String LOCKS =
      """
      select pg_catalog.current_setting('max_locks_per_transaction')::bigint
               * (pg_catalog.current_setting('max_connections')::bigint
                  + pg_catalog.current_setting('max_prepared_transactions')::bigint)
      """;

  private static final String LARGE_OBJECTS_HIDDEN =
      """
      select count(*)
        from pg_catalog.pg_largeobject_metadata m
       where not (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
         and not pg_catalog.pg_has_role(m.lomowner, 'usage')
         and not exists (
               select
                 from pg_catalog.aclexplode(m.lomacl) a
                where a.privilege_type = 'SELECT'
                  and (a.grantee = 0 or pg_catalog.pg_has_role(a.grantee, 'usage')))
      """;

  private static final String RELATIONS =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and c.relpersistence <> 't'
         and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       order by 1, 2
      """;

  private static final String PARTITIONS =
      """
      select n.nspname, c.relname, m.nspname, p.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       cross join lateral pg_catalog.pg_partition_tree(c.oid) t
        join pg_catalog.pg_class p on p.oid = t.relid
        join pg_catalog.pg_namespace m on m.oid = p.relnamespace
       where c.relkind = 'p'
         and p.relkind in ('r', 'p')
         and p.oid <> c.oid
      """;

  private static final String MISSING_SCHEMAS =
      """
      select wanted.name
        from pg_catalog.unnest(?::text[]) with ordinality wanted (name, number)
       where not exists (
               select from pg_catalog.pg_namespace n where n.nspname = wanted.name)
       order by wanted.number
      """;

  private PreflightQueries() {}

  /** A partition, at whatever depth, of a partitioned table. */
  record Partition(TableName root, TableName table) {}

  /**
   * A session that has, or waits for, ACCESS EXCLUSIVE on a table.
   *
   * @param granted false: it waits, and everybody who comes after waits behind it
   */
  record Exclusive(
      TableName table, int pid, boolean granted, String user, String application, String since) {
    /** {@code app.orders is locked by pid 4711, user app: alter table …}. */
    @Override
    public String toString() {
      return table.plain()
          + (granted ? " is locked exclusively by " : " is waited for, to lock it exclusively, by ")
          + "pid "
          + pid
          + ", user "
          + user
          + (application.isEmpty() ? "" : ", application \"" + application + "\"")
          + (since.isEmpty() ? "" : ", since " + since);
    }
  }

  /** The tables, those that are partitioned too, that pg_dump can be told to dump. */
  static List<TableName> relations(Database session) {
    return session.list(RELATIONS, row -> new TableName(row.getString(1), row.getString(2)));
  }

  static List<Partition> partitions(Database session) {
    return session.list(
        PARTITIONS,
        row ->
            new Partition(
                new TableName(row.getString(1), row.getString(2)),
                new TableName(row.getString(3), row.getString(4))));
  }

  /** Those of the schemas that are not in the database. */
  static List<String> missingSchemas(Database session, List<String> schemas) {
    return session.list(
        MISSING_SCHEMAS, row -> row.getString(1), (Object) schemas.toArray(String[]::new));
  }

  static List<TableName> unreadable(Database session) {
    return session.list(UNREADABLE, row -> new TableName(row.getString(1), row.getString(2)));
  }

  static List<TableName> hiddenByPolicy(Database session) {
    return session.list(HIDDEN_BY_POLICY, row -> new TableName(row.getString(1), row.getString(2)));
  }

  static List<Exclusive> exclusive(Database session) {
    return session.list(
        EXCLUSIVE,
        row ->
            new Exclusive(
                new TableName(row.getString(1), row.getString(2)),
                row.getInt(3),
                row.getBoolean(4),
                row.getString(5),
                row.getString(6),
                row.getString(7)));
  }

  static long freeSessions(Database session) {
    return session.number(FREE_SESSIONS);
  }

  /** How many locks all sessions together can surely hold. */
  static long locks(Database session) {
    return session.number(LOCKS);
  }

  static long tables(Database session) {
    return session.number(
        "select count(*)" + OF_USERS + " and c.relkind in ('r', 'p', 'S', 'v', 'm')");
  }

  static long hiddenLargeObjects(Database session) {
    return session.number(LARGE_OBJECTS_HIDDEN);
  }

  /** Why a snapshot cannot be exported there; empty: it can. */
  static Optional<String> standby(Database session) {
    return session.test("select pg_catalog.pg_is_in_recovery()")
        ? Optional.of("the server is a standby: a conflict with recovery may end the dump")
        : Optional.empty();
  }
}
