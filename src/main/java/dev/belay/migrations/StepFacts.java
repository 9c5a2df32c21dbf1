package dev.belay.migrations;

import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.SchemaShape;
import dev.belay.undo.LiveTable;
import dev.belay.undo.LiveTables;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that the rules know of one pending migration.
 *
 * @param before what there was before it in the replay
 * @param after what there is since
 * @param made what pending migrations before it made, so that nobody uses it yet
 * @param names what objects that are no relations were called before it
 * @param used tables whose rows pending migrations before it read or wrote
 * @param unseen whether it or one before it ran where its use of rows may have been missed
 */
record StepFacts(
    RecordedMigration done,
    SchemaShape before,
    SchemaShape after,
    LiveTables live,
    Set<ObjectAddress> made,
    Map<ObjectAddress, String> names,
    Set<Long> used,
    boolean unseen) {

  /** The live table that a relation of the replay stands for. */
  Optional<LiveTable> live(long relation) {
    return live.of(relation);
  }

  /** The table of which it is a partition, of whatever depth, or itself. */
  long root(long relation) {
    return before.root(relation);
  }

  boolean isPartition(long relation) {
    return before.relation(relation).map(SchemaShape.Relation::isPartition).orElse(false);
  }

  /** Relations, those for whose partitions it happened included. */
  Set<Long> roots(Collection<RecordedObject> tables) {
    return tables.stream()
        .filter(object -> object.address().part() == 0)
        .map(object -> root(object.address().object()))
        .collect(Collectors.toSet());
  }

  /** What the migration dropped as a whole, by their oids. */
  Set<Long> droppedRelations() {
    return done.droppedRelations();
  }

  /** The lock on a relation; empty when there was none. */
  Optional<LockMode> strongest(long relation) {
    return done.strongest(relation);
  }

  /** Whether rows of a table may have been filled or read, so that a column may have values. */
  boolean mayHaveFilled(long relation) {
    return unseen
        || used.contains(relation)
        || done.locks().stream()
            .anyMatch(
                lock ->
                    lock.relation().address().isOfRelation()
                        && lock.relation().address().object() == relation
                        && lock.usesRows());
  }

  /** For people: what it is called now, or was before. */
  String name(long relation) {
    return before
        .relation(relation)
        .or(() -> after.relation(relation))
        .map(found -> found.name().plain())
        .orElse("relation " + relation);
  }
}
