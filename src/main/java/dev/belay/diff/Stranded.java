package dev.belay.diff;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds rows that would break a foreign key because another row stays as it is: those that refer to
 * what the target removed, or to a key that the target gave to another row, and those that are
 * removed while the target's own rows refer to them. They are in conflict, so that the others can
 * be merged.
 */
final class Stranded {
  private final Database session;
  private final Map<Long, MergeTable> tables = new HashMap<>();
  private final Map<Long, MergeTable> collided = new HashMap<>();
  private final List<ForeignKey> keys;
  private final int samples;

  /**
   * @param tables those with something to write
   * @param all those and the others that were compared
   */
  Stranded(
      Database session,
      List<MergeTable> tables,
      List<MergeTable> all,
      List<ForeignKey> keys,
      int samples) {
    this.session = session;
    tables.forEach(table -> this.tables.put(table.oid(), table));
    all.stream()
        .filter(MergeTable::collides)
        .forEach(table -> this.collided.put(table.oid(), table));
    this.keys = keys;
    this.samples = samples;
  }

  /** Takes them off the stages; one may strand the next. */
  void find() {
    boolean more = true;
    while (more) {
      more = false;
      for (ForeignKey key : keys) {
        MergeTable parent = tables.get(key.parentOid());
        MergeTable child = tables.get(key.childOid());
        if (parent != null && parent.rows(Decision.REMOVE) > 0) {
          more |=
              conflict(
                  parent,
                  Decision.REMOVE,
                  StrandedQueries.stillReferred(key, parent, child),
                  "rows stay, since others refer to them by " + key.name());
        }
        if (child != null && child.pair().columns().containsAll(key.childColumns())) {
          for (Decision decision : List.of(Decision.ADD, Decision.CHANGE)) {
            if (child.rows(decision) > 0) {
              more |=
                  conflict(
                      child,
                      decision,
                      StrandedQueries.refersToNothing(key, child, decision, parent),
                      "rows are not merged, since what they refer to by "
                          + key.name()
                          + " is not there");
              more |= stranger(key, child, decision);
            }
          }
        }
      }
    }
  }

  /** A row must never come to hang on another than it hung on in the source. */
  private boolean stranger(ForeignKey key, MergeTable child, Decision decision) {
    MergeTable parent = collided.get(key.parentOid());
    return parent != null
        && parent.pair().columns().containsAll(key.parentColumns())
        && conflict(
            child,
            decision,
            StrandedQueries.refersToStranger(key, child, decision, parent),
            "rows are not merged, since the key that they refer to by "
                + key.name()
                + " is that of another row in the target");
  }

  private boolean conflict(MergeTable table, Decision decision, String condition, String why) {
    List<StrandedQueries.Found> first =
        StrandedQueries.first(session, table, decision, condition, samples);
    long rows = StrandedQueries.take(session, table, decision, condition);
    if (rows == 0) {
      return false;
    }
    long sampled = table.sampled(decision);
    List<RowSample> more = new ArrayList<>();
    for (StrandedQueries.Found found : first) {
      if (found.number() > sampled) {
        more.add(sample(table, decision, found));
      }
    }
    table.conflict(
        decision, rows, first.stream().map(StrandedQueries.Found::number).toList(), more);
    table.note("%d %s".formatted(rows, why));
    return true;
  }

  private RowSample sample(MergeTable table, Decision decision, StrandedQueries.Found found) {
    Optional<RowTexts> to =
        decision == Decision.ADD
            ? Optional.empty()
            : Optional.of(
                SampleQueries.texts(session, table.pair().target(), table.pair(), found.place()));
    Difference.Kind kind =
        switch (decision) {
          case ADD -> Difference.Kind.MISSING;
          case CHANGE -> Difference.Kind.CHANGED;
          default -> Difference.Kind.EXTRA;
        };
    return Samples.sample(
        table, kind, Decision.CONFLICT, Difference.Base.UNKNOWN, found.texts(), to);
  }
}
