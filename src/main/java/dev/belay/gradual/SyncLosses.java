package dev.belay.gradual;

import dev.belay.batch.SyncColumns;
import dev.belay.batch.SyncMark;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What columns that are kept equal do not keep: values of the new one that the old one cannot hold.
 *
 * @param losses columns with the number of such values
 * @param notes what could not be counted before the run is prepared
 */
record SyncLosses(List<UndoLoss> losses, List<String> notes) {
  SyncLosses {
    losses = List.copyOf(losses);
    notes = List.copyOf(notes);
  }

  /**
   * Counts in the live database, in which the old columns need not be there yet.
   *
   * @throws Failure REFUSED when an expression fails on rows that are there, as it would in the
   *     trigger, for applications
   */
  static SyncLosses count(Database session, UndoPlan undo, List<SyncMark> syncs) {
    List<UndoLoss> losses = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (SyncMark sync : syncs) {
      try {
        long[] values = new long[1];
        session.readingAndForgetting(
            () -> values[0] = SyncColumns.notKept(session, sync, oldType(undo, sync)));
        if (values[0] > 0) {
          losses.add(of(sync, values[0]));
        }
      } catch (Failure failure) {
        String state = SqlState.of(failure).orElse("");
        if (state.startsWith("22") || state.startsWith("P0")) {
          throw Failure.refused(
                  "belay:sync of %s: the columns %s and %s cannot be made of each other on the rows as they are: %s"
                      .formatted(
                          sync.table().plain(),
                          sync.newColumn(),
                          sync.oldColumn(),
                          failure.message()),
                  "mend up=(…) and down=(…), which applications would fail at")
              .causedBy(failure);
        }
        if (!state.startsWith("42")) {
          throw failure;
        }
        notes.add(
            "how many values of %s.%s cannot be kept in %s is counted only before the schema is switched: %s"
                .formatted(
                    sync.table().plain(), sync.newColumn(), sync.oldColumn(), failure.message()));
      }
    }
    return new SyncLosses(losses, notes);
  }

  static UndoLoss of(SyncMark sync, long values) {
    return new UndoLoss(
        UndoLoss.Kind.COLUMN, sync.table(), Optional.of(sync.newColumn()), values, true);
  }

  private static Optional<String> oldType(UndoPlan undo, SyncMark sync) {
    return undo.expected()
        .map(
            schema ->
                schema
                    .objects()
                    .get(
                        new ObjectKey(
                            ObjectKind.COLUMN,
                            sync.table().schema(),
                            sync.table().table(),
                            sync.oldColumn())))
        .map(column -> column.get("type"))
        .filter(type -> !type.isEmpty());
  }
}
