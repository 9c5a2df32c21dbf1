package dev.belay.swap;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.ArrayList;
import java.util.List;

/** What is in the way of renaming a database, as the server's catalogues show it. */
final class ObstacleQueries {
  private static final String RIGHTS =
      """
      select r.rolname, pg_catalog.pg_get_userbyid(d.datdba), r.rolcreatedb,
             pg_catalog.pg_has_role(d.datdba, 'usage')
        from pg_catalog.pg_database d
        join pg_catalog.pg_roles r on r.rolname = current_user
       where d.datname = ?
         and not r.rolsuper
         and not (r.rolcreatedb and pg_catalog.pg_has_role(d.datdba, 'usage'))
      """;

  private static final String PREPARED =
      """
      select gid, owner, prepared
        from pg_catalog.pg_prepared_xacts
       where database = ?
       order by prepared
      """;

  private static final String SLOTS =
      """
      select slot_name, active, temporary
        from pg_catalog.pg_replication_slots
       where database = ?
       order by slot_name
      """;

  private static final String SUBSCRIPTIONS =
      """
      select s.subname
        from pg_catalog.pg_subscription s
        join pg_catalog.pg_database d on d.oid = s.subdbid
       where d.datname = ?
       order by s.subname
      """;

  /** Sessions that this role may not end, and those that come back by themselves. */
  private static final String SESSIONS =
      """
      select a.pid, coalesce(a.usename, ''), coalesce(a.backend_type, ''),
             coalesce(a.application_name, ''),
             me.rolsuper
               or pg_catalog.pg_has_role(a.usesysid, 'usage')
               or (pg_catalog.pg_has_role('pg_signal_backend', 'usage') and not owner.rolsuper)
        from pg_catalog.pg_stat_activity a
        join pg_catalog.pg_roles me on me.rolname = current_user
        join pg_catalog.pg_roles owner on owner.oid = a.usesysid
       where a.datname = ?
         and a.pid <> pg_catalog.pg_backend_pid()
       order by a.pid
      """;

  /** Roles' own settings in the database that this role may not give to another database. */
  private static final String SETTINGS_OF_ROLES =
      """
      select r.rolname, pg_catalog.split_part(c.setting, '=', 1)
        from pg_catalog.pg_db_role_setting s
        join pg_catalog.pg_database d on d.oid = s.setdatabase
        join pg_catalog.pg_roles r on r.oid = s.setrole
        join pg_catalog.pg_roles me on me.rolname = current_user
       cross join lateral pg_catalog.unnest(s.setconfig) c (setting)
       where d.datname = ?
         and not me.rolsuper
         and r.oid <> me.oid
         and not (me.rolcreaterole
                  and not r.rolsuper
                  and (pg_catalog.current_setting('server_version_num')::integer < 160000
                       or pg_catalog.pg_has_role(r.oid, 'member with admin option')))
       order by 1, 2
      """;

  /** %s: when this role has the privilege of setting a parameter, which there is since 15. */
  private static final String SETTINGS_OF_SUPERUSERS =
      """
      select coalesce(r.rolname, ''), p.name
        from pg_catalog.pg_db_role_setting s
        join pg_catalog.pg_database d on d.oid = s.setdatabase
        left join pg_catalog.pg_roles r on r.oid = s.setrole
        join pg_catalog.pg_roles me on me.rolname = current_user
       cross join lateral pg_catalog.unnest(s.setconfig) c (setting)
        join pg_catalog.pg_settings p
          on pg_catalog.lower(p.name) = pg_catalog.lower(pg_catalog.split_part(c.setting, '=', 1))
       where d.datname = ?
         and not me.rolsuper
         and p.context in ('superuser', 'superuser-backend')
         and not %s
       order by 1, 2
      """;

  private static final String TABLESPACE =
      """
      select t.spcname
        from pg_catalog.pg_database d
        join pg_catalog.pg_tablespace t on t.oid = d.dattablespace
       where d.datname = ?
         and t.spcname <> 'pg_default'
         and not pg_catalog.has_tablespace_privilege(t.oid, 'create')
      """;

  private ObstacleQueries() {}

  static List<Obstacle> rights(Database maintenance, String live) {
    List<Obstacle> found = new ArrayList<>();
    maintenance.list(
        RIGHTS,
        row -> {
          String role = row.getString(1);
          if (!row.getBoolean(3)) {
            found.add(Obstacle.lacksCreatedb(role));
          }
          if (!row.getBoolean(4)) {
            found.add(
                new Obstacle(
                    "the role %s may not rename %s: it is not a member of %s, who owns it"
                        .formatted(role, live, row.getString(2)),
                    "use the owner, or a superuser, or grant the owner's role to "
                        + new Identifier(role),
                    true));
          }
          return role;
        },
        live);
    return found;
  }

  static List<Obstacle> settings(Database maintenance, String live) {
    String privilege =
        ServerInfo.of(maintenance).major() >= 15
            ? "pg_catalog.has_parameter_privilege(p.name, 'set')"
            : "false";
    List<Obstacle> found = new ArrayList<>();
    found.addAll(
        maintenance.list(
            SETTINGS_OF_ROLES,
            row -> setting(live, row.getString(1), row.getString(2), "this role"),
            live));
    found.addAll(
        maintenance.list(
            SETTINGS_OF_SUPERUSERS.formatted(privilege),
            row -> setting(live, row.getString(1), row.getString(2), "an ordinary role"),
            live));
    return found.stream().distinct().toList();
  }

  private static Obstacle setting(String live, String role, String name, String who) {
    Identifier database = new Identifier(live);
    String subject =
        role.isEmpty()
            ? "alter database " + database
            : "alter role " + new Identifier(role) + " in database " + database;
    return new Obstacle(
        "the setting %s%s of %s cannot be given to another database by %s"
            .formatted(name, role.isEmpty() ? "" : " of the role " + role, live, who),
        "run it as a superuser, or: " + subject + " reset " + new Identifier(name),
        true);
  }

  static List<Obstacle> tablespace(Database maintenance, String live) {
    return maintenance.list(
        TABLESPACE,
        row -> {
          Identifier tablespace = new Identifier(row.getString(1));
          return new Obstacle(
              "this role may create nothing in the tablespace %s of %s"
                  .formatted(tablespace.name(), live),
              "grant create on tablespace %s to %s"
                  .formatted(tablespace, new Identifier(maintenance.target().user())),
              true);
        },
        live);
  }

  static List<Obstacle> preparedTransactions(Database maintenance, String live) {
    return maintenance.list(
        PREPARED,
        row -> {
          String literal = Identifier.literal(row.getString(1)).strip();
          return new Obstacle(
              "the prepared transaction %s of %s, since %s"
                  .formatted(literal, row.getString(2), row.getString(3)),
              "in " + live + ": commit prepared " + literal + ", or rollback prepared " + literal,
              true);
        },
        live);
  }

  static List<Obstacle> replicationSlots(Database maintenance, String live) {
    return maintenance.list(
        SLOTS,
        row -> {
          String slot = row.getString(1);
          return new Obstacle(
              "the logical replication slot %s (%s) belongs to it and would stay behind"
                  .formatted(slot, row.getBoolean(2) ? "in use" : "not in use"),
              "stop its consumer, then: select pg_drop_replication_slot("
                  + Identifier.literal(slot).strip()
                  + ")",
              true);
        },
        live);
  }

  static List<Obstacle> subscriptions(Database maintenance, String live) {
    return maintenance.list(
        SUBSCRIPTIONS,
        row -> {
          Identifier name = new Identifier(row.getString(1));
          return new Obstacle(
              "the subscription %s belongs to it and would stay behind".formatted(name.name()),
              "in " + live + ": alter subscription " + name + " disable, then drop it",
              true);
        },
        live);
  }

  static List<Obstacle> sessions(Database maintenance, String live) {
    return maintenance
        .list(
            SESSIONS,
            row ->
                obstacle(
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getBoolean(5)),
            live)
        .stream()
        .filter(found -> !found.what().isEmpty())
        .toList();
  }

  private static Obstacle obstacle(
      int pid, String user, String type, String application, boolean mayEnd) {
    if (type.equals("walsender")) {
      return new Obstacle(
          "the replication connection %d of %s (%s)".formatted(pid, user, application),
          "stop its consumer",
          true);
    }
    if (!mayEnd) {
      return new Obstacle(
          "session %d of %s may not be ended by this role".formatted(pid, user),
          "end it as a superuser, or grant pg_signal_backend to this role",
          true);
    }
    boolean ordinary =
        type.isEmpty() || type.equals("client backend") || type.equals("parallel worker");
    if (!ordinary) {
      return new Obstacle(
          "the background worker %s (process %d) will be ended and may come back"
              .formatted(type, pid),
          "stop it first if its jobs must not be interrupted",
          false);
    }
    return new Obstacle("", "", false);
  }
}
