package dev.belay.migrations;

import dev.belay.flyway.Migration;
import dev.belay.ledger.NewUndo;
import dev.belay.ledger.StoredUndo;
import java.util.Optional;

/**
 * What becomes of the undo script of one migration.
 *
 * @param script what is stored, or is there already; empty where there is none
 * @param why more about it; empty: nothing to say
 */
record UndoToStore(
    Migration migration, StoreUndoReport.Outcome outcome, Optional<NewUndo> script, String why) {

  boolean isStored() {
    return outcome == StoreUndoReport.Outcome.STORED || outcome == StoreUndoReport.Outcome.REPLACED;
  }

  String words() {
    String name = script.map(NewUndo::script).orElse("");
    boolean made = script.filter(each -> each.origin() == StoredUndo.Origin.GENERATED).isPresent();
    return "%s for %s%s%s"
        .formatted(
            name, migration.name(), made ? ", made by belay" : "", why.isEmpty() ? "" : ": " + why);
  }
}
