package dev.belay.migrations;

import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.SchemaShape;
import dev.belay.undo.LiveTables;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the migrations before one have done that matters to how risky it is. */
final class StepMemory {
  private final LiveTables tables;
  private final Map<ObjectAddress, String> names = new HashMap<>();
  private final Set<ObjectAddress> made = new HashSet<>();
  private final Set<Long> used = new HashSet<>();
  private boolean unseen;

  /**
   * @param applied what was applied to the live database
   */
  StepMemory(LiveTables tables, List<RecordedMigration> applied) {
    this.tables = tables;
    applied.forEach(this::rememberNames);
  }

  /** What the rules need to know of the next migration. */
  StepFacts facts(RecordedMigration done, SchemaShape before, SchemaShape after) {
    return new StepFacts(
        done, before, after, tables, made, names, used, unseen || !done.inTransaction());
  }

  /** Takes a pending migration into account for those after it. */
  void remember(RecordedMigration done) {
    rememberNames(done);
    unseen |= !done.inTransaction();
    done.created().stream().map(RecordedObject::address).forEach(made::add);
    done.locks().stream()
        .filter(lock -> lock.modes().stream().anyMatch(LockMode::isOfRows))
        .forEach(lock -> used.add(lock.relation().address().object()));
  }

  private void rememberNames(RecordedMigration done) {
    rememberNames(done.created());
    rememberNames(done.changed());
  }

  private void rememberNames(List<RecordedObject> objects) {
    objects.stream()
        .filter(object -> object.address().part() == 0)
        .forEach(object -> names.put(object.address(), object.identity()));
  }
}
