package dev.belay.scratch;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a replay asks a server besides running the migrations. */
final class ReplayQueries {
  /** The session that works, or waits for one that does not; the longest first. */
  private static final String ACTIVITY =
      """
      select case when pg_catalog.cardinality(b.pids) > 0
                  then pg_catalog.format('it waits for a lock that pid %s holds (%s: %s); it runs: ',
                         b.pids[1],
                         (select a2.application_name from pg_catalog.pg_stat_activity a2
                           where a2.pid = b.pids[1]),
                         (select pg_catalog.left(pg_catalog.regexp_replace(a2.query, '\\s+', ' ', 'g'), 100)
                            from pg_catalog.pg_stat_activity a2 where a2.pid = b.pids[1]))
                  else 'it runs: ' end
             || pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 200)
             || coalesce(' (waits for ' || a.wait_event_type || ' ' || a.wait_event || ')', '')
        from pg_catalog.pg_stat_activity a
       cross join lateral pg_catalog.pg_blocking_pids(a.pid) as b (pids)
       where a.datname = ? and a.state = 'active' and a.pid <> pg_catalog.pg_backend_pid()
         and a.application_name like 'belay:%:flyway'
       order by a.query_start
       limit 1
      """;

  private static final String END =
      """
      select pg_catalog.pg_terminate_backend(a.pid)
        from pg_catalog.pg_stat_activity a
       where a.datname = ? and a.application_name like 'belay:%:flyway'
      """;

  private static final String TEMPLATES =
      """
      select d.datname, pg_catalog.shobj_description(d.oid, 'pg_database')
        from pg_catalog.pg_database d
        join pg_catalog.pg_roles r on r.oid = d.datdba
       where d.datname ~ '^belay_template_[0-9a-f]{32}$'
         and r.rolname = current_user
       order by d.datname
      """;

  private ReplayQueries() {}

  /** A kept database. */
  record Kept(String name, DatabaseNote note) {}

  /** What the migration is doing, in words. */
  static String activity(Database session, String database) {
    return session
        .first(ACTIVITY, row -> row.getString(1), database)
        .orElse("no statement of it was running");
  }

  static void endSessions(Database session, String database) {
    session.list(END, row -> row.getBoolean(1), database);
  }

  /** The kept databases of this role; what others own is not believed. */
  static List<Kept> templates(Database session) {
    List<Kept> kept = new ArrayList<>();
    session.list(TEMPLATES, row -> add(kept, row.getString(1), row.getString(2)));
    return kept;
  }

  private static boolean add(List<Kept> kept, String name, @Nullable String comment) {
    Optional<DatabaseNote> note = DatabaseNote.read(comment);
    return note.isPresent()
        && note.get().kind() == DatabaseNote.Kind.TEMPLATE
        && kept.add(new Kept(name, note.get()));
  }

  static void comment(Database session, String database, DatabaseNote note) {
    session.execute(
        "comment on database "
            + new Identifier(database)
            + " is "
            + Identifier.literal(note.text()));
  }

  static void rename(Database session, String from, String to) {
    session.execute("alter database " + new Identifier(from) + " rename to " + new Identifier(to));
  }

  /** Keeps a recording in the database that it is about. */
  static void write(Database session, String recording) {
    session.execute("create schema if not exists belay");
    session.execute("drop table if exists belay.scratch_recording");
    session.execute("create table belay.scratch_recording (recording text not null)");
    session.execute("insert into belay.scratch_recording values (?)", recording);
    session.execute("drop table if exists belay.scratch_proof");
    session.execute(
        "create table belay.scratch_proof (scripts text primary key, outcome text not null)");
  }

  /** The recording that lies in a database. */
  static Optional<String> read(Database session) {
    boolean there =
        session.test("select pg_catalog.to_regclass('belay.scratch_recording') is not null");
    return there
        ? session.first("select recording from belay.scratch_recording", row -> row.getString(1))
        : Optional.empty();
  }

  static Optional<String> readProof(Database session, String scripts) {
    return session.first(
        "select outcome from belay.scratch_proof where scripts = ?",
        row -> row.getString(1),
        scripts);
  }

  static void writeProof(Database session, String scripts, String outcome) {
    session.execute(
        "insert into belay.scratch_proof values (?, ?) on conflict do nothing", scripts, outcome);
  }

  /** Makes Flyway run a repeatable migration again. */
  static void forget(Database session, TableName history, String description) {
    session.execute(
        "delete from " + history + " where version is null and description = ?", description);
  }
}
