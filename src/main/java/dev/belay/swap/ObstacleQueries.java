package dev.belay.swap;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
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
