package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an open transaction has locked, and since when, by a look after each of its statements: a
 * lock stays until the transaction ends. Not for use by several threads at once.
 */
public final class HeldLocks {
  /** Stands for the large objects among the tables that may have been written. */
  public static final TableName LARGE_OBJECTS = new TableName("pg_catalog", "pg_largeobject");

  private record Since(LockMode mode, long nanos) {}

  private final Map<Long, TableName> there;
  private final Map<TableName, Since> strongest = new TreeMap<>();
  private final Set<TableName> written = new TreeSet<>();
  private long statementBegan = System.nanoTime();

  private HeldLocks(Map<Long, TableName> there) {
    this.there = there;
  }

  /**
   * Begins, before the first statement.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static HeldLocks begin(Database session) {
    return new HeldLocks(HeldLocksQueries.tables(session));
  }

  /** A statement begins. */
  public void statementBegins() {
    statementBegan = System.nanoTime();
  }

  /**
   * It ended, and its transaction has not.
   *
   * @param session that of the transaction
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public void statementEnded(Database session) {
    add(HeldLocksQueries.held(session));
    if (!written.contains(LARGE_OBJECTS) && HeldLocksQueries.wroteLargeObjects(session)) {
      written.add(LARGE_OBJECTS);
    }
  }

  private void add(Map<Long, Set<LockMode>> locks) {
    locks.forEach(
        (relation, modes) -> {
          TableName table = there.get(relation);
          if (table == null) {
            return;
          }
          LockMode mode = Collections.max(modes);
          Since known = strongest.get(table);
          if (known == null || known.mode().compareTo(mode) < 0) {
            strongest.put(table, new Since(mode, statementBegan));
          }
          if (mode.compareTo(LockMode.ROW_EXCLUSIVE) >= 0) {
            written.add(table);
          }
        });
  }

  /**
   * The tables of which a row may have been written: nobody writes without such a lock. {@link
   * #LARGE_OBJECTS} is one of them.
   */
  public Set<TableName> written() {
    return Collections.unmodifiableSet(written);
  }

  /** What keeps others from something, by table, if the transaction ended now. */
  public List<HeldLock> now() {
    long end = System.nanoTime();
    List<HeldLock> held = new ArrayList<>();
    new HashMap<>(strongest)
        .forEach(
            (table, since) -> {
              if (!since.mode().isOfRows()) {
                held.add(new HeldLock(table, since.mode(), (end - since.nanos()) / 1_000_000));
              }
            });
    held.sort(java.util.Comparator.comparing(HeldLock::table));
    return held;
  }
}
