package dev.belay.scratch;

import dev.belay.postgres.Database;
import dev.belay.postgres.ServerError;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a transaction wrote of the catalogues that all databases of a server share. */
final class SharedObjectQueries {
  /**
   * Rows of this transaction are visible and not yet committed. Catalogues that not everybody may
   * read, and rows that are gone, are known by the locks, which these commands keep to the end.
   */
  private static final String WRITTEN =
      """
      with own as (
        select d.oid from pg_catalog.pg_database d
         where d.datname = pg_catalog.current_database()),
      now as (
        select c.number,
               pg_catalog.age((c.number & 4294967295)::text::pg_catalog.xid) as age
          from (select pg_catalog.txid_current() as number) c),
      -- Rows of this transaction and of its savepoints are not older than itself; whoever else
      -- wrote a row that is visible has committed it.
      fresh as (
        select 'the database ' || d.datname as what, pg_catalog.age(d.xmin) as age,
               d.oid = own.oid as own
          from pg_catalog.pg_database d, own
        union all
        select 'the tablespace ' || t.spcname, pg_catalog.age(t.xmin), false
          from pg_catalog.pg_tablespace t
        union all
        select 'settings of roles or databases', pg_catalog.age(s.xmin), s.setdatabase = own.oid
          from pg_catalog.pg_db_role_setting s, own
        union all
        select 'comments of databases, roles or tablespaces', pg_catalog.age(s.xmin),
               s.objoid = own.oid
          from pg_catalog.pg_shdescription s, own),
      written as (
        select f.what, f.own
          from fresh f, now
         where case when f.age <= now.age and f.age > now.age - 10000000
                    then pg_catalog.txid_status(now.number + now.age - f.age) = 'in progress'
                    else false end),
      locks as (
        select distinct l.relation
          from pg_catalog.pg_locks l
         where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.database = 0
           and l.mode not in ('AccessShareLock', 'RowShareLock'))
      select 'roles' from locks where relation in (1260, 1261)
      union
      select 'tablespaces' from locks where relation = 1213
      union
      select 'subscriptions' from locks where relation in (6100, 6000)
      union
      select w.what from written w where not w.own
      union
      -- A row that is gone cannot be seen: then whatever is not known to be about this database.
      select k.what
        from locks
        join (values (2964, 'settings of roles or databases'),
                     (2396, 'comments of databases, roles or tablespaces')) as k (relation, what)
          on k.relation = locks.relation::bigint
       where not exists (select from written w where w.what = k.what and w.own)
          or pg_catalog.pg_stat_get_xact_tuples_deleted(locks.relation) > 0
      order by 1
      """;

  private static final String SEQUENCES =
      """
      select pg_catalog.format('%I.%I', s.schemaname, s.sequencename), s.last_value, s.start_value
        from pg_catalog.pg_sequences s
       where pg_catalog.has_sequence_privilege(
               pg_catalog.format('%I.%I', s.schemaname, s.sequencename), 'usage, select')
      """;

  /** Code of which the text says nothing, and that no extension brought along. */
  private static final String FOREIGN_CODE =
      """
      select exists (
        select from pg_catalog.pg_proc p
          join pg_catalog.pg_language l on l.oid = p.prolang
         where p.oid >= 16384 and l.lanname not in ('sql', 'plpgsql')
           and not exists (select from pg_catalog.pg_depend d
                            where d.classid = 1255 and d.objid = p.oid and d.deptype = 'e'))
      """;

  private static final String BODIES =
      "select p.prosrc from pg_catalog.pg_proc p where p.oid >= 16384";

  private SharedObjectQueries() {}

  /** What the open transaction wrote, in words; empty: nothing that is shared. */
  static List<String> written(Database session) {
    return session.list(WRITTEN, row -> row.getString(1));
  }

  /**
   * How a try ended.
   *
   * @param error what the server said; empty: it would have done it
   * @param written what it wrote that is shared
   */
  record Try(Optional<ServerError> error, List<String> written) {}

  /** Whether people made functions in a language that is not known here. */
  static boolean foreignCode(Database session) {
    return session.test(FOREIGN_CODE);
  }

  /** The texts of all functions and procedures that are not built in. */
  static List<String> bodies(Database session) {
    return session.list(BODIES, row -> row.getString(1));
  }

  /**
   * Runs a statement in a transaction and rolls it back, in a session that is in none. Sequences,
   * which no transaction takes back, are set back by hand.
   */
  static Try tried(Database session, String sql) {
    Map<String, Value> before = sequences(session);
    Try outcome = rolledBack(session, sql);
    sequences(session)
        .forEach(
            (name, value) -> {
              Value earlier = before.getOrDefault(name, value);
              if (!earlier.equals(value)) {
                session.test(
                    "select pg_catalog.setval(?::pg_catalog.regclass, ?, ?) is not null",
                    name,
                    earlier.last() == null ? earlier.start() : earlier.last(),
                    earlier.last() != null);
              }
            });
    return outcome;
  }

  /** Where a sequence stands; null: it has not begun. */
  private record Value(@Nullable Long last, long start) {}

  private static Map<String, Value> sequences(Database session) {
    Map<String, Value> values = new HashMap<>();
    session.list(
        SEQUENCES,
        row -> {
          long last = row.getLong(2);
          Value value = new Value(row.wasNull() ? null : last, row.getLong(3));
          return values.put(row.getString(1), value) == null;
        });
    return values;
  }

  private static Try rolledBack(Database session, String sql) {
    try (Statement statement = session.connection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("begin");
      try {
        statement.execute(sql);
        return new Try(Optional.empty(), new ArrayList<>(written(session)));
      } catch (SQLException error) {
        return new Try(ServerError.in(error), List.of());
      } finally {
        statement.execute("rollback");
      }
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }
}
