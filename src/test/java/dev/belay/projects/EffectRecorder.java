package dev.belay.projects;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.postgresql.PGConnection;

/**
 * A callback of Flyway that measures what each migration does, in its own transaction where it has
 * one, as lines in the form of the expectations. Also tries the undo script of each, and takes it
 * back.
 */
final class EffectRecorder implements Callback {
  private static final String LOCKS =
      """
      select 'pg_class:' || relation as key, mode from pg_locks
       where pid = pg_backend_pid() and granted and locktype = 'relation'
         and database = (select oid from pg_database where datname = current_database())
      """;

  private final DataSource source;
  private final Project project;
  private final Map<String, Set<String>> measured = new LinkedHashMap<>();
  private final Map<String, String> undone = new LinkedHashMap<>();
  private final Map<String, LockMode> locks = new TreeMap<>();
  private Catalogue before;
  private Set<String> shapeBefore = Set.of();
  private Map<String, Rows.Changes> changesBefore = Map.of();
  private Map<String, Long> countsBefore = Map.of();
  private LockTrap trap;

  EffectRecorder(DataSource source, Project project) {
    this.source = source;
    this.project = project;
  }

  /** What each migration did, by its id, in the order in which they ran. */
  Map<String, Set<String>> measured() {
    return measured;
  }

  /** What the undo scripts did, by the migration's id: {@code restores}, or what is wrong. */
  Map<String, String> undone() {
    return undone;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return switch (event) {
      case BEFORE_EACH_MIGRATE,
          AFTER_EACH_MIGRATE,
          BEFORE_EACH_MIGRATE_STATEMENT,
          AFTER_EACH_MIGRATE_STATEMENT,
          AFTER_EACH_MIGRATE_STATEMENT_ERROR ->
          true;
      default -> false;
    };
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public String getCallbackName() {
    return "measurement";
  }

  @Override
  public void handle(Event event, Context context) {
    Connection connection = context.getConnection();
    try {
      switch (event) {
        case BEFORE_EACH_MIGRATE -> begin(connection);
        case BEFORE_EACH_MIGRATE_STATEMENT -> arm(connection);
        case AFTER_EACH_MIGRATE_STATEMENT, AFTER_EACH_MIGRATE_STATEMENT_ERROR -> disarm();
        default -> end(connection, id(context));
      }
    } catch (SQLException error) {
      throw new IllegalStateException("cannot measure " + id(context), error);
    }
  }

  private static String id(Context context) {
    String script = context.getMigrationInfo().getScript();
    String name = script.substring(script.lastIndexOf('/') + 1).replaceFirst("\\.sql$", "");
    return name.startsWith("R__") ? name : name.substring(0, name.indexOf("__"));
  }

  private void begin(Connection connection) throws SQLException {
    locks.clear();
    before = Catalogue.read(connection);
    changesBefore = Rows.changes(connection);
    withoutKeepingLocks(
        connection,
        () -> {
          countsBefore = Rows.counts(connection);
          shapeBefore = Catalogue.readWithParts(connection).shape();
        });
  }

  private void arm(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      trap = new LockTrap(source, connection.unwrap(PGConnection.class).getBackendPID());
    }
  }

  private void disarm() throws SQLException {
    if (trap != null) {
      try (LockTrap sprung = trap) {
        trap = null;
        sprung.release().forEach(this::addLock);
      }
    }
  }

  private void addLock(String key, LockMode mode) {
    locks.merge(key, mode, LockMode::orStronger);
  }

  private void end(Connection connection, String id) throws SQLException {
    boolean transaction = !connection.getAutoCommit();
    if (transaction) {
      readLocks(connection);
    }
    Catalogue after = Catalogue.read(connection);
    Set<String> lines = new TreeSet<>(Effect.lines(before, after));
    if (!transaction) {
      lines.add("no transaction");
    }
    locks.forEach(
        (key, mode) -> {
          CatalogueObject object = before.objects().get(key);
          if (object != null && object.isRelation()) {
            lines.add("lock " + mode + " " + object.identity());
          }
        });
    if (transaction) {
      addRows(lines, after, Rows.changes(connection));
    }
    withoutKeepingLocks(connection, () -> addEmptied(lines, after, Rows.counts(connection)));
    measured.put(id, lines);
    tryUndo(connection, id);
  }

  private void readLocks(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(LOCKS)) {
      while (rows.next()) {
        addLock(rows.getString("key"), LockMode.of(rows.getString("mode")));
      }
    }
  }

  private void addRows(Set<String> lines, Catalogue after, Map<String, Rows.Changes> changes) {
    changes.forEach(
        (key, total) -> {
          CatalogueObject table = after.objects().get(key);
          Rows.Changes here = total.since(changesBefore.getOrDefault(key, Rows.Changes.NONE));
          if (table != null) {
            addCount(lines, "inserts", here.inserted(), table);
            addCount(lines, "updates", here.updated(), table);
            addCount(lines, "deletes", here.deleted(), table);
          }
        });
  }

  private static void addCount(Set<String> lines, String verb, long rows, CatalogueObject table) {
    if (rows != 0) {
      lines.add(verb + " " + rows + " rows of " + table.identity());
    }
  }

  private void addEmptied(Set<String> lines, Catalogue after, Map<String, Long> counts) {
    countsBefore.forEach(
        (key, rows) -> {
          CatalogueObject table = after.objects().get(key);
          CatalogueObject was = before.objects().get(key);
          boolean emptied =
              rows > 0
                  && counts.getOrDefault(key, 1L) == 0
                  && table != null
                  && was != null
                  && was.storage() != table.storage();
          if (emptied) {
            lines.add("empties " + rows + " rows of " + table.identity());
          }
        });
  }

  private void tryUndo(Connection connection, String id) throws SQLException {
    Optional<String> undo = project.undo(project.script(id));
    if (undo.isEmpty()) {
      return;
    }
    withoutKeepingLocks(
        connection,
        () -> {
          String result;
          try (Statement statement = connection.createStatement()) {
            statement.execute(undo.get());
            Set<String> now = Catalogue.readWithParts(connection).shape();
            result = difference(shapeBefore, now);
          } catch (SQLException fails) {
            result = "fails";
          }
          undone.put(id, result);
        });
  }

  private static String difference(Set<String> before, Set<String> after) {
    Set<String> missing = new TreeSet<>(before);
    missing.removeAll(after);
    Set<String> left = new TreeSet<>(after);
    left.removeAll(before);
    return missing.isEmpty() && left.isEmpty()
        ? "restores"
        : "differs: misses " + missing + " and leaves " + left;
  }

  private interface Work {
    void run() throws SQLException;
  }

  private static void withoutKeepingLocks(Connection connection, Work work) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("savepoint measurement");
      work.run();
      statement.execute("rollback to savepoint measurement");
      statement.execute("release savepoint measurement");
      if (autoCommit) {
        connection.rollback();
      }
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }
}
