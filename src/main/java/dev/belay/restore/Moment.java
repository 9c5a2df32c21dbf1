package dev.belay.restore;

import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A moment of the live database from which on it is known which tables were written to, and which
 * of their rows are younger.
 *
 * @param oldest no row that the moment does not show was written by an older transaction
 * @param shown which transactions it shows, as the server writes it
 * @param writes by table, by its number, how often rows were written to it before; empty: the
 *     server cannot tell in time
 */
record Moment(long oldest, String shown, Optional<Map<Long, Long>> writes) {
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
              writes));
    } catch (Throwable broken) {
      snapshot.close();
      throw broken;
    }
  }

  /** The tables that were made and written to since, in words, as far as {@code now} tells. */
  List<String> madeSince(Optional<Map<Long, Long>> now, Database live) {
    if (writes.isEmpty() || now.isEmpty()) {
      return List.of();
    }
    List<String> made = new ArrayList<>();
    for (Map.Entry<Long, Long> table : now.get().entrySet()) {
      if (table.getValue() > 0 && !writes.get().containsKey(table.getKey())) {
        made.add(
            "%s, which was made meanwhile, with %s"
                .formatted(
                    LatecomerQueries.name(live, table.getKey()),
                    Units.count(table.getValue(), "write", "writes")));
      }
    }
    return made;
  }

  /** Whether rows may have been written to the table since, as far as {@code now} tells. */
  boolean mayBeWritten(long table, Optional<Map<Long, Long>> now) {
    return writes.isEmpty()
        || now.isEmpty()
        || !writes.get().getOrDefault(table, 0L).equals(now.get().getOrDefault(table, 0L));
  }
}
