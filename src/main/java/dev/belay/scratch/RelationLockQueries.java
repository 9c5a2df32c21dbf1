package dev.belay.scratch;

import dev.belay.postgres.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Asks which relations a server process has locked, from another session. */
final class RelationLockQueries {
  /** What it waits for comes with what it has, as one look. */
  private static final String LOCKS =
      """
      select l.relation, l.mode, l.granted
        from pg_catalog.pg_locks l
       where l.pid = ?
         and l.locktype = 'relation'
      """;

  private RelationLockQueries() {}

  /**
   * What a server process has locked at one moment.
   *
   * @param relations those that people made, the one that it waits for among them
   * @param waits whether it waits for the lock of a relation
   */
  record Held(Map<Long, Set<LockMode>> relations, boolean waits) {}

  /** The locks of a server process that works in the database of the session. */
  static Held locks(Database session, int pid) {
    Map<Long, Set<LockMode>> locks = new HashMap<>();
    boolean[] waits = new boolean[1];
    session.list(
        LOCKS,
        row -> {
          waits[0] |= !row.getBoolean(3);
          return row.getLong(1) >= CatalogueSources.FIRST_OWN_OID
              && locks
                  .computeIfAbsent(row.getLong(1), relation -> new TreeSet<>())
                  .add(LockMode.of(row.getString(2)));
        },
        pid);
    return new Held(locks, waits[0]);
  }
}
