package dev.belay.projects;

import dev.belay.support.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/**
 * Sees which lock a statement takes that cannot run in a transaction: it holds all tables in {@code
 * SHARE UPDATE EXCLUSIVE}, the weakest that keeps out every lock of such a statement, waits until
 * the statement waits for one of them, notes the mode it asks for, and lets go.
 */
final class LockTrap implements AutoCloseable {
  private static final String TABLES =
      """
      select format('%I.%I', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.oid >= 16384 and c.relkind in ('r', 'p') and c.relispartition = false
         and n.nspname !~ '^pg_' and c.relname <> 'flyway_schema_history'
      """;
  private static final String WAITING =
      """
      select 'pg_class:' || relation as key, mode from pg_locks
       where pid = ? and not granted and locktype = 'relation'
      """;

  private final Connection holder;
  private final CompletableFuture<Map<String, LockMode>> caught;
  private volatile boolean over;

  /** Holds all tables until the session with that pid waits for one, or this is closed. */
  LockTrap(DataSource source, int pid) throws SQLException {
    holder = source.getConnection();
    holder.setAutoCommit(false);
    try (Statement statement = holder.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      List<String> tables = Rows.texts(rows);
      for (String table : tables) {
        statement.execute("lock table " + table + " in share update exclusive mode");
      }
    }
    caught = CompletableFuture.supplyAsync(() -> watch(pid));
  }

  private Map<String, LockMode> watch(int pid) {
    try (PreparedStatement waiting = holder.prepareStatement(WAITING)) {
      waiting.setInt(1, pid);
      Map<String, LockMode> modes =
          Await.first(
              "the statement waits for a lock, or is over",
              () -> Optional.of(asked(waiting)).filter(asked -> over || !asked.isEmpty()));
      holder.rollback();
      return modes;
    } catch (SQLException error) {
      throw new IllegalStateException("cannot watch the locks", error);
    }
  }

  private static Map<String, LockMode> asked(PreparedStatement waiting) {
    Map<String, LockMode> modes = new TreeMap<>();
    try (ResultSet rows = waiting.executeQuery()) {
      while (rows.next()) {
        modes.put(rows.getString("key"), LockMode.of(rows.getString("mode")));
      }
      return modes;
    } catch (SQLException error) {
      throw new IllegalStateException("cannot watch the locks", error);
    }
  }

  /**
   * Lets go of everything, since the statement is over.
   *
   * @return the lock it waited for, by the relation's key; nothing when it waited for none
   */
  Map<String, LockMode> release() {
    over = true;
    return caught.join();
  }

  @Override
  public void close() throws SQLException {
    release();
    holder.close();
  }
}
