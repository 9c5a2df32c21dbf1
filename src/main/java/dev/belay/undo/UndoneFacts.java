package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.RelationLock;
import dev.belay.scratch.RowsChanged;
import dev.belay.scratch.SchemaShape;
import dev.belay.scratch.UndoneChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What undo scripts did in a scratch database means for the live one. */
final class UndoneFacts {
  private static final Comparator<UndoLoss> BY_NAME =
      Comparator.comparing(UndoLoss::table)
          .thenComparing(UndoLoss::kind)
          .thenComparing(loss -> loss.column().orElse(""));

  private final RecordedMigration all;
  private final SchemaShape before;
  private final SchemaShape after;
  private final LiveTables live;
  private final Set<Long> dropped;

  UndoneFacts(UndoneChain chain, LiveTables live) {
    this.all = together(chain.recorded());
    this.before = chain.before();
    this.after = chain.after();
    this.live = live;
    this.dropped = all.droppedRelations();
  }

  /** Several scripts as if they were one. */
  private static RecordedMigration together(List<RecordedMigration> each) {
    Map<RecordedObject, Set<LockMode>> locks = new HashMap<>();
    for (RecordedMigration one : each) {
      for (RelationLock lock : one.locks()) {
        locks.computeIfAbsent(first(locks, lock), key -> new TreeSet<>()).addAll(lock.modes());
      }
    }
    return new RecordedMigration(
        null,
        "",
        "",
        each.stream().allMatch(RecordedMigration::inTransaction),
        0,
        locks.entrySet().stream()
            .map(entry -> new RelationLock(entry.getKey(), List.copyOf(entry.getValue())))
            .toList(),
        all(each, RecordedMigration::created),
        all(each, RecordedMigration::changed),
        all(each, RecordedMigration::dropped),
        all(each, RecordedMigration::rewritten),
        all(each, RecordedMigration::emptied),
        all(each, RecordedMigration::rows),
        List.of(),
        List.of());
  }

  /** One table may have had several names on the way. */
  private static RecordedObject first(Map<RecordedObject, Set<LockMode>> locks, RelationLock lock) {
    return locks.keySet().stream()
        .filter(object -> object.address().equals(lock.relation().address()))
        .findFirst()
        .orElse(lock.relation());
  }

  private static <T> List<T> all(
      List<RecordedMigration> each, Function<RecordedMigration, List<T>> part) {
    return each.stream().map(part).flatMap(Collection::stream).toList();
  }

  /** What of the live data is destroyed, in the order of its names. */
  List<UndoLoss> losses(List<TableName> inDroppedSchemas) {
    List<UndoLoss> losses = new ArrayList<>();
    for (DataLoss loss : DataLosses.of(all, before, live)) {
      losses.add(
          new UndoLoss(
              loss.kind(),
              loss.table(),
              loss.column(),
              loss.amount().number().orElse(0L),
              loss.amount().exact()));
    }
    losses.addAll(converted());
    Set<TableName> whole = new HashSet<>();
    losses.stream()
        .filter(loss -> loss.column().isEmpty())
        .forEach(loss -> whole.add(loss.table()));
    for (TableName table : inDroppedSchemas) {
      if (whole.add(table)) {
        Amount rows = live.rows(table);
        losses.add(
            new UndoLoss(
                UndoLoss.Kind.TABLE,
                table,
                Optional.empty(),
                rows.number().orElse(0L),
                rows.exact()));
      }
    }
    for (long relation : written()) {
      live.of(relation)
          .filter(table -> !dropped.contains(relation) && whole.add(table.name()))
          .ifPresent(
              table ->
                  losses.add(
                      new UndoLoss(
                          UndoLoss.Kind.REMOVED, table.name(), Optional.empty(), 0, false)));
    }
    losses.sort(BY_NAME);
    return losses;
  }

  /** Columns of another type in tables that were written anew; what USING does cannot be seen. */
  private List<UndoLoss> converted() {
    Set<Long> rewritten = rewritten();
    List<UndoLoss> losses = new ArrayList<>();
    before
        .columns()
        .forEach(
            (address, column) -> {
              boolean other =
                  after
                      .column(address)
                      .filter(now -> !now.type().equals(column.type()))
                      .isPresent();
              boolean table =
                  before
                      .relation(address.object())
                      .filter(found -> found.isTable() && !found.isPartition())
                      .isPresent();
              if (other && table && rewritten.contains(address.object())) {
                live.of(address.object())
                    .ifPresent(
                        found -> {
                          Amount values = live.values(found, column.name());
                          losses.add(
                              new UndoLoss(
                                  UndoLoss.Kind.COLUMN,
                                  found.name(),
                                  Optional.of(column.name()),
                                  values.number().orElse(0L),
                                  values.exact()));
                        });
              }
            });
    return losses;
  }

  private Set<Long> rewritten() {
    Set<Long> rewritten = new HashSet<>();
    all.rewritten().forEach(table -> rewritten.add(before.root(table.address().object())));
    return rewritten;
  }

  /**
   * Tables of which rows were, or may be, written: how many there would be is not in the replay.
   */
  private Set<Long> written() {
    Set<Long> written = new TreeSet<>();
    for (RowsChanged rows : all.rows()) {
      written.add(before.root(rows.relation().address().object()));
    }
    for (RelationLock lock : all.locks()) {
      ObjectAddress address = lock.relation().address();
      if (address.isOfRelation() && lock.modes().contains(LockMode.ROW_EXCLUSIVE)) {
        written.add(before.root(address.object()));
      }
    }
    written.removeIf(
        relation -> before.relation(relation).filter(SchemaShape.Relation::isTable).isEmpty());
    return written;
  }

  /** What is locked so that others cannot read or write. */
  List<UndoLock> locks() {
    Set<Long> rewritten = rewritten();
    Map<TableName, UndoLock> strongest = new HashMap<>();
    for (RelationLock lock : all.locks()) {
      ObjectAddress address = lock.relation().address();
      if (!address.isOfRelation() || !lock.strongest().stopsWrites()) {
        continue;
      }
      long root = before.root(address.object());
      live.of(root)
          .ifPresent(
              table ->
                  strongest.merge(
                      table.name(),
                      new UndoLock(
                          table.name(), lock.strongest(), rewritten.contains(root), table.bytes()),
                      (one, other) -> one.mode().compareTo(other.mode()) >= 0 ? one : other));
    }
    return strongest.values().stream().sorted(Comparator.comparing(UndoLock::table)).toList();
  }

  /** Schemas that are gone with all that is in them. */
  List<String> droppedSchemas() {
    Set<String> left = new HashSet<>();
    after.relations().values().forEach(relation -> left.add(relation.name().schema()));
    Set<String> schemas = new TreeSet<>();
    for (RecordedObject object : all.dropped()) {
      if (object.type().equals("schema")) {
        before.relations().values().stream()
            .map(relation -> relation.name().schema())
            .filter(
                name -> object.identity().equals(name) || object.identity().equals(quoted(name)))
            .filter(name -> !left.contains(name))
            .forEach(schemas::add);
      }
    }
    return List.copyOf(schemas);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Columns whose type is another afterwards. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    before
        .columns()
        .forEach(
            (address, column) ->
                after
                    .column(address)
                    .filter(now -> !now.type().equals(column.type()))
                    .flatMap(now -> live.of(address.object()))
                    .ifPresent(
                        table ->
                            notes.add(
                                "the type of column %s of %s changes: values that do not fit stop"
                                        .formatted(column.name(), table.name().plain())
                                    + " the undo, and others may be rounded; where rows are"
                                    + " written anew all its values count as lost, since what"
                                    + " USING makes of them cannot be seen")));
    if (!all.inTransaction()) {
      notes.add("locks of what runs outside a transaction were watched, and may be more");
    }
    notes.sort(Comparator.naturalOrder());
    return notes;
  }

  /** What was dropped, and not made again under the same name. */
  Set<ObjectAddress> gone() {
    Set<String> made = new HashSet<>();
    all.created().forEach(object -> made.add(object.words()));
    Set<ObjectAddress> gone = new HashSet<>();
    for (RecordedObject object : all.dropped()) {
      if (!object.internal() && !made.contains(object.words())) {
        gone.add(object.address());
      }
    }
    return gone;
  }
}
