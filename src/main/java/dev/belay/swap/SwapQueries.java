package dev.belay.swap;

import dev.belay.core.Identifier;
import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements of a swap. */
final class SwapQueries {
  private static final String STATE =
      """
      select d.datallowconn,
             pg_catalog.shobj_description(d.oid, 'pg_database'),
             pg_catalog.pg_get_userbyid(d.datdba)
        from pg_catalog.pg_database d
       where d.datname = ?
      """;

  /** Workers of autovacuum have no role; renaming ends them by itself. */
  private static final String COUNT =
      """
      select pg_catalog.count(*)
        from pg_catalog.pg_stat_activity a
       where a.datname in (?, ?)
         and a.usesysid is not null
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.pid <> all (?::int4[])
      """;

  /** Without a timeout: with one, the server would wait for each of them in turn. */
  private static final String TERMINATE =
      """
      select pg_catalog.count(*) filter (where pg_catalog.pg_terminate_backend(a.pid))
        from pg_catalog.pg_stat_activity a
        join pg_catalog.pg_roles me on me.rolname = current_user
        join pg_catalog.pg_roles owner on owner.oid = a.usesysid
       where a.datname in (?, ?)
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.pid <> all (?::int4[])
         and (me.rolsuper
              or pg_catalog.pg_has_role(a.usesysid, 'usage')
              or (pg_catalog.pg_has_role('pg_signal_backend', 'usage') and not owner.rolsuper))
      """;

  private static final String REPLACED =
      """
      select d.datname,
             pg_catalog.shobj_description(d.oid, 'pg_database'),
             case when pg_catalog.has_database_privilege(d.oid, 'connect')
                    or pg_catalog.pg_has_role('pg_read_all_stats', 'usage')
                  then pg_catalog.pg_database_size(d.oid) end,
             d.datallowconn,
             pg_catalog.pg_get_userbyid(d.datdba)
        from pg_catalog.pg_database d
       where pg_catalog.shobj_description(d.oid, 'pg_database') like '{"belay":%'
       order by d.datname
      """;

  /**
   * Who is with one of the databases, or has a lock on it, as CREATE DATABASE … TEMPLATE has. What
   * they run is left out, since it may hold secrets.
   */
  private static final String IN_THE_WAY =
      """
      select a.pid, coalesce(a.usename::text, '?'), coalesce(a.application_name, ''),
             coalesce(a.state, '?'),
             pg_catalog.date_trunc('second', coalesce(a.xact_start, a.backend_start))::text
        from pg_catalog.pg_stat_activity a
       where a.pid <> pg_catalog.pg_backend_pid()
         and (a.datname in (?, ?)
              or a.pid in (
                   select l.pid
                     from pg_catalog.pg_locks l
                     join pg_catalog.pg_database d on d.oid = l.objid
                    where l.locktype = 'object'
                      and l.classid = 'pg_catalog.pg_database'::pg_catalog.regclass
                      and d.datname in (?, ?)))
       order by a.xact_start nulls last, a.pid
       limit 5
      """;

  private SwapQueries() {}

  /** What a swap needs to know of a database. */
  record State(boolean open, Optional<String> comment, String owner) {
    Optional<DatabaseNote> note() {
      return comment.flatMap(DatabaseNote::read);
    }

    /** What people wrote, also where somebody renamed a database with Belay's note by hand. */
    Optional<String> ownComment() {
      Optional<DatabaseNote> note = note();
      return note.isPresent() ? Optional.ofNullable(note.get().comment()) : comment;
    }
  }

  /** A database with a note of Belay's. */
  record Noted(String name, DatabaseNote note, long sizeBytes, boolean open, String owner) {}

  static Optional<State> state(Database maintenance, String database) {
    return maintenance.first(
        STATE,
        row ->
            new State(row.getBoolean(1), Optional.ofNullable(row.getString(2)), row.getString(3)),
        database);
  }

  static boolean exists(Database maintenance, String database) {
    return state(maintenance, database).isPresent();
  }

  static List<Noted> noted(Database maintenance) {
    return maintenance
        .list(
            REPLACED,
            row -> {
              String name = row.getString(1);
              long size = row.getLong(3);
              boolean open = row.getBoolean(4);
              String owner = row.getString(5);
              return DatabaseNote.read(row.getString(2))
                  .map(note -> new Noted(name, note, size, open, owner));
            })
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** The first sessions that keep the databases from being renamed, in words. */
  static String inTheWay(Database maintenance, String one, String other) {
    return String.join(
        ", ",
        maintenance.list(
            IN_THE_WAY,
            row ->
                "pid %d (user %s, application \"%s\", %s since %s)"
                    .formatted(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)),
            one,
            other,
            one,
            other));
  }

  static long sessions(Database maintenance, String one, String other) {
    return sessions(maintenance, one, other, List.of());
  }

  /**
   * @param but server processes that do not count
   */
  static long sessions(Database maintenance, String one, String other, List<Integer> but) {
    return maintenance.number(COUNT, one, other, array(but));
  }

  /**
   * @param but server processes that are left alone
   */
  static long terminate(Database maintenance, String one, String other, List<Integer> but) {
    return maintenance.number(TERMINATE, one, other, array(but));
  }

  private static String array(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }

  static void open(Database maintenance, String database, boolean open) {
    maintenance.execute(openStatement(database, open));
  }

  /** The one line that a person can type. */
  static String openStatement(String database, boolean open) {
    return "alter database " + new Identifier(database) + " allow_connections " + open;
  }

  static void rename(Database maintenance, String from, String to) {
    maintenance.execute(renameStatement(from, to));
  }

  static String renameStatement(String from, String to) {
    return "alter database " + new Identifier(from) + " rename to " + new Identifier(to);
  }

  static void comment(Database maintenance, String database, Optional<String> comment) {
    maintenance.execute(
        "comment on database "
            + new Identifier(database)
            + " is "
            + comment.map(Identifier::literal).orElse("null"));
  }

  static void lockTimeout(Database maintenance, long millis) {
    maintenance.execute("set local lock_timeout = " + Math.max(1, millis));
  }

  static boolean sessionIsThere(Database maintenance, int pid) {
    return maintenance.test(
        "select exists (select from pg_catalog.pg_stat_activity where pid = ?)", pid);
  }

  static void terminate(Database maintenance, int pid) {
    maintenance.list(
        "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
            + " where pid = ? and application_name like 'belay:%'",
        row -> row.getBoolean(1), pid);
  }
}
