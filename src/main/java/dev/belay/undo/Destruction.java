package dev.belay.undo;

import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that a migration took away when it was applied: no undo script has it, however exactly
 * it brings the schema back.
 *
 * @param words such as {@code it dropped table column public.orders.note}
 * @param certain whether it did; else it may have
 */
public record Destruction(String words, boolean certain) {

  /** What it took, as far as a replay shows it; empty: it only added something. */
  static List<Destruction> of(RecordedMigration migration) {
    Set<ObjectAddress> made =
        migration.created().stream().map(RecordedObject::address).collect(Collectors.toSet());
    Set<Long> gone = migration.droppedRelations();
    List<Destruction> all = new ArrayList<>();
    for (RecordedObject object : migration.dropped()) {
      boolean column =
          object.type().equals("table column") && !gone.contains(object.address().object());
      if (!made.contains(object.address()) && (object.isTable() || column)) {
        all.add(new Destruction("it dropped " + object.words(), true));
      }
    }
    migration.emptied().stream()
        .filter(RecordedObject::isTable)
        .filter(table -> !made.contains(table.address()))
        .forEach(table -> all.add(new Destruction("it emptied " + table.words(), true)));
    Set<String> written = new LinkedHashSet<>();
    migration.rewritten().stream()
        .filter(table -> table.isTable() && !made.contains(table.address()))
        .forEach(table -> written.add(table.words()));
    migration.locks().stream()
        .filter(lock -> lock.modes().contains(LockMode.ROW_EXCLUSIVE))
        .map(RelationLock::relation)
        .filter(table -> table.isTable() && !gone.contains(table.address().object()))
        .forEach(table -> written.add(table.words()));
    written.forEach(
        table -> all.add(new Destruction("it may have changed rows of " + table, false)));
    return all;
  }
}
