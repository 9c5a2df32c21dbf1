package dev.belay.reconcile;

import dev.belay.core.TableName;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.Side;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A database at one moment from which rows are brought back, and what both it and the target come
 * from.
 *
 * @param name of the backup or database
 * @param relations its tables, sorted by name
 * @param base the common ancestor, with its tables; empty: there is none
 * @param written what was written to it since the backup, by table; empty: it is the backup
 * @param unmerged what was written to it beside rows, in words, which no merge brings back
 */
record Source(
    Origin origin,
    String name,
    Snapshot snapshot,
    List<Relation> relations,
    Optional<Base> base,
    Map<TableName, Written> written,
    List<String> unmerged) {

  /** A common ancestor. */
  record Base(String name, Side side, Map<TableName, Relation> relations) {}

  /** The backup itself. */
  static Source ofBackup(String backup, ScratchCopy copy) {
    return new Source(
        Origin.BACKUP,
        backup,
        copy.snapshot(),
        Relations.of(copy.snapshot().database()),
        Optional.empty(),
        Map.of(),
        List.of());
  }

  /** Where its rows are read. */
  Side side() {
    return Side.of(snapshot);
  }

  /** A session that sees the moment. */
  Database session() {
    return snapshot.database();
  }

  /** What it is called in a sentence. */
  String words() {
    return origin.words() + " " + name;
  }
}
