package dev.belay.scratch;

import dev.belay.postgres.Database;
import dev.belay.postgres.ServerError;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a transaction wrote of the catalogues that all databases of a server share. */
final class SharedObjectQueries {
  /**
   * Rows of this transaction are visible and not yet committed. Catalogues that not everybody may
   * read, and rows that are gone, are known by the locks, which these commands keep to the end.
   */
  private static final String WRITTEN =
      """
      with own as (
        select d.oid, (pg_catalog.txid_current() >> 32 << 32) as epoch
          from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()),
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
      select 'the database ' || d.datname from pg_catalog.pg_database d, own
       where d.oid <> own.oid
         and pg_catalog.txid_status(own.epoch + d.xmin::text::bigint) = 'in progress'
      union
      select 'settings of roles or databases' from locks
       where relation = 2964
         and not exists (
               select from pg_catalog.pg_db_role_setting s, own
                where s.setdatabase = own.oid
                  and pg_catalog.txid_status(own.epoch + s.xmin::text::bigint) = 'in progress')
      union
      select 'comments of databases, roles or tablespaces' from locks
       where relation = 2396
         and not exists (
               select from pg_catalog.pg_shdescription s, own
                where s.objoid = own.oid
                  and pg_catalog.txid_status(own.epoch + s.xmin::text::bigint) = 'in progress')
      order by 1
      """;

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

  /** Runs a statement in a transaction and rolls it back, in a session that is in none. */
  static Try tried(Database session, String sql) {
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
