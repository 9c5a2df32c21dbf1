package dev.belay.restore;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A moment of the live database from which on it is known which tables were written to, and which
 * of their rows are younger.
 *
 * @param oldest no row that the moment does not show was written by an older transaction
 * @param shown which transactions it shows, as the server writes it
 * @param writes by table, by its number, how often rows were written to it before; empty: the
 *     server cannot tell in time
 * @param tables those that it shows, by their numbers
 */
record Moment(long oldest, String shown, Optional<Map<Long, Long>> writes, Set<Long> tables) {
  Moment {
    tables = Set.copyOf(tables);
  }

  /** A snapshot and what is to be known of it. */
  record Taken(Snapshot snapshot, Moment moment) {}

  /**
   * Takes a snapshot. The caller closes it.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the database cannot be reached
   */
  static Taken take(Databases databases, Target live) {
    Optional<Map<Long, Long>> writes;
    // Before the snapshot: a write between both is then one write too many, and not one too few.
    try (Database session = databases.open(live)) {
      writes = LatecomerQueries.writes(session);
    }
    Snapshot snapshot = Snapshot.take(databases, live);
    try {
      return new Taken(
          snapshot,
          new Moment(
              LatecomerQueries.oldest(snapshot.database()),
              LatecomerQueries.shown(snapshot.database()),
              writes,
              LatecomerQueries.tables(snapshot.database())));
    } catch (Throwable broken) {
      snapshot.close();
      throw broken;
    }
  }

  /** The tables that were made since, in words. */
  List<String> madeSince(Database live) {
    return LatecomerQueries.madeSince(live, tables).stream()
        .map(name -> name + ", which was made meanwhile")
        .toList();
  }

  /** Whether rows may have been written to the table since, as far as {@code now} tells. */
  boolean mayBeWritten(long table, Optional<Map<Long, Long>> now) {
    return writes.isEmpty()
        || now.isEmpty()
        || !writes.get().getOrDefault(table, 0L).equals(now.get().getOrDefault(table, 0L));
  }
}
