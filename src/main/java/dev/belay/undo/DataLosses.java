package dev.belay.undo;

import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.SchemaShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of the live data is gone after what was recorded of a script. */
public final class DataLosses {
  private final RecordedMigration done;
  private final SchemaShape before;
  private final LiveTables live;
  private final Set<Long> dropped;
  private final List<DataLoss> losses = new ArrayList<>();

  private DataLosses(RecordedMigration done, SchemaShape before, LiveTables live) {
    this.done = done;
    this.before = before;
    this.live = live;
    this.dropped = done.droppedRelations();
  }

  /**
   * What is lost, in the order of its names.
   *
   * @param done what the script did
   * @param before what there was before it in the replay
   */
  public static List<DataLoss> of(RecordedMigration done, SchemaShape before, LiveTables live) {
    return new DataLosses(done, before, live).all();
  }

  private List<DataLoss> all() {
    for (RecordedObject object : done.dropped()) {
      ObjectAddress address = object.address();
      if (address.isOfRelation() && address.part() == 0) {
        table(address.object());
      } else if (address.isOfRelation() && !dropped.contains(address.object())) {
        column(address);
      }
    }
    for (RecordedObject table : done.emptied()) {
      emptied(table.address().object());
    }
    return losses;
  }

  private void table(long relation) {
    Optional<SchemaShape.Relation> found = before.relation(relation);
    if (found.isEmpty() || !found.get().isTable() || isOfDropped(relation)) {
      return;
    }
    live.of(relation)
        .ifPresent(
            table ->
                losses.add(
                    new DataLoss(
                        UndoLoss.Kind.TABLE, table.name(), Optional.empty(), live.rows(table))));
  }

  private void column(ObjectAddress address) {
    long relation = address.object();
    Optional<SchemaShape.Relation> found = before.relation(relation);
    Optional<String> name = live.column(address);
    if (found.isEmpty() || !found.get().isTable() || found.get().isPartition() || name.isEmpty()) {
      return;
    }
    live.of(relation)
        .ifPresent(
            table ->
                losses.add(
                    new DataLoss(
                        UndoLoss.Kind.COLUMN, table.name(), name, live.values(table, name.get()))));
  }

  /** The partitions of a table that is emptied are emptied with it: it is said once. */
  private void emptied(long relation) {
    long root = before.root(relation);
    boolean whole = done.strongest(root).map(LockMode::stopsReads).orElse(false);
    live.of(whole ? root : relation)
        .filter(table -> !dropped.contains(relation) && !isEmptied(table))
        .ifPresent(
            table ->
                losses.add(
                    new DataLoss(
                        UndoLoss.Kind.EMPTIED, table.name(), Optional.empty(), live.rows(table))));
  }

  private boolean isEmptied(LiveTable table) {
    return losses.stream()
        .anyMatch(
            loss -> loss.kind() == UndoLoss.Kind.EMPTIED && loss.table().equals(table.name()));
  }

  /** Whether it is a partition of a table that is dropped too. */
  private boolean isOfDropped(long relation) {
    return before.relation(relation).map(found -> dropped.contains(found.parent())).orElse(false);
  }
}
