package dev.belay.diff;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes rows off the stages that refer to a row which will not be there, since the target removed
 * it, or whose key the target gave to another row: they would end the merge, or, worse, hang on a
 * stranger afterwards. They are conflicts, and so are those that hang on them.
 */
final class Dangling {
  private Dangling() {}

  /**
   * Looks at every foreign key of the tables until nothing more is found.
   *
   * @param samples how many of them are shown of each table and foreign key
   */
  static void settle(
      Database session, List<MergeTable> tables, List<ForeignKey> keys, int samples) {
    boolean found = true;
    while (found) {
      found = false;
      for (ForeignKey key : keys) {
        Optional<MergeTable> child = of(tables, key.childOid());
        if (child.isPresent()) {
          Optional<MergeTable> parent = of(tables, key.parentOid());
          for (Decision decision : List.of(Decision.ADD, Decision.CHANGE)) {
            found |= settle(session, child.get(), decision, key, parent, samples);
          }
        }
      }
    }
  }

  private static Optional<MergeTable> of(List<MergeTable> tables, long oid) {
    return tables.stream().filter(table -> table.oid() == oid).findFirst();
  }

  private static boolean settle(
      Database session,
      MergeTable child,
      Decision decision,
      ForeignKey key,
      Optional<MergeTable> parent,
      int samples) {
    if (child.rows(decision) == 0
        || !child.pair().columns().containsAll(key.childColumns())
        || (decision == Decision.CHANGE && child.pair().key().containsAll(key.childColumns()))) {
      return false;
    }
    List<String> there = new ArrayList<>();
    there.add(exists(key.parent().toString(), key, child, key.parentColumns()));
    if (parent.isPresent() && parent.get().pair().columns().containsAll(key.parentColumns())) {
      MergeTable table = parent.get();
      List<String> staged = key.parentColumns().stream().map(table::staged).toList();
      for (Decision written : List.of(Decision.ADD, Decision.CHANGE)) {
        if (table.rows(written) > 0) {
          there.add(exists(table.stage(written), key, child, staged));
        }
      }
    }
    // What an update leaves as it is refers to what it did before.
    Optional<String> unchanged =
        decision == Decision.CHANGE
            ? Optional.of(DanglingQueries.unchanged(child, key))
            : Optional.empty();
    Optional<String> stranger =
        parent
            .filter(MergeTable::collides)
            .filter(table -> table.pair().columns().containsAll(key.parentColumns()))
            .map(
                table ->
                    exists(
                        table.stage(Decision.CONFLICT),
                        key,
                        child,
                        key.parentColumns().stream().map(table::staged).toList()));
    String dangling = DanglingQueries.dangling(child, key, there, stranger, unchanged);
    List<RowSample> first = DanglingQueries.first(session, child, decision, dangling, samples);
    long rows = DanglingQueries.remove(session, child, decision, dangling);
    if (rows > 0) {
      child.conflict(
          decision,
          rows,
          first,
          sample -> DanglingQueries.isStaged(session, child, decision, sample));
      child.note(
          "%d rows are not written: they refer to rows of %s that are not there, or are others there (foreign key %s)"
              .formatted(rows, key.parent().plain(), key.name()));
    }
    return rows > 0;
  }

  private static String exists(
      String from, ForeignKey key, MergeTable child, List<String> parentColumns) {
    List<String> equal = new ArrayList<>();
    for (int column = 0; column < parentColumns.size(); column++) {
      equal.add(
          "p.%s %s s.%s"
              .formatted(
                  new dev.belay.core.Identifier(parentColumns.get(column)),
                  key.equal().get(column),
                  child.staged(key.childColumns().get(column))));
    }
    return "exists (select from %s as p where %s)".formatted(from, String.join(" and ", equal));
  }
}
