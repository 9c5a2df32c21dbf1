package dev.belay.gradual;

import dev.belay.batch.SyncColumns;
import dev.belay.batch.SyncMark;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.undo.UndoLoss;
import java.util.ArrayList;
import java.util.List;

/**
 * What paired columns say of one another.
 *
 * @param unkept values that the way back would not give again exactly
 * @param notes one for each pair
 */
record SyncAgreement(List<UndoLoss> unkept, List<String> notes) {
  SyncAgreement {
    unkept = List.copyOf(unkept);
    notes = List.copyOf(notes);
  }

  /**
   * Looks. Nobody is locked out while this is counted: the triggers keep true what it finds.
   *
   * @param command the command line that goes on with the run
   * @throws Failure FAILED when a pair says different things in a row
   */
  static SyncAgreement look(Database session, List<SyncMark> pairs, String command) {
    List<String> notes = new ArrayList<>();
    List<UndoLoss> unkept = new ArrayList<>();
    for (SyncMark mark : pairs) {
      SyncColumns sync = SyncColumns.read(session, mark);
      long disagreeing = sync.disagreeing(session);
      if (disagreeing > 0) {
        throw Failure.failed(
            "%s say different things in %s"
                .formatted(sync.words(), Units.count(disagreeing, "row", "rows")),
            "see to these rows, then: " + command);
      }
      long changed = sync.changedByReturn(session);
      if (changed > 0) {
        unkept.add(SyncLosses.of(mark, changed));
      }
      notes.add(
          "%s say the same in every row%s"
              .formatted(
                  sync.words(),
                  changed == 0
                      ? ""
                      : "; %s would not give %s again exactly"
                          .formatted(Units.count(changed, "row", "rows"), mark.newColumn())));
    }
    return new SyncAgreement(unkept, notes);
  }
}
