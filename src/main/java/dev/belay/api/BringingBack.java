package dev.belay.api;

import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.points.ExecutePoint;
import dev.belay.points.ExecuteReport;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings the tables back to the rollback point, or says how that is still to be done. */
final class BringingBack {
  private final Place place;
  private final OperationLock lock;
  private final Journal journal;
  private final String point;
  private final boolean triggers;

  /**
   * @param point the id of the rollback point
   * @param triggers as {@link Place#bringBack}
   */
  BringingBack(Place place, OperationLock lock, Journal journal, String point, boolean triggers) {
    this.place = place;
    this.lock = lock;
    this.journal = journal;
    this.point = point;
    this.triggers = triggers;
  }

  /** What the next run says when this one was killed. */
  static Map<String, String> facts(Place place, String point) {
    return Map.of(
        "point", point, Journal.HINT, "bring its tables back with: " + place.wayBack(point));
  }

  /**
   * Brings them back.
   *
   * @param committed whether batches were committed
   * @param cause why; null: nothing broke
   * @return the point that keeps what was there instead; empty: nothing was
   * @throws MigrationException when it cannot be done; its hint is the command that does it
   */
  Optional<String> run(String why, @Nullable Throwable cause, boolean committed) {
    try {
      lock.check();
      journal.step("bring-back", facts(place, point));
      ExecuteReport report = place.bringBack(point, triggers);
      journal.end("brought back");
      place
          .operation()
          .failed(
              Failure.failed(
                  "%s; brought back to %s".formatted(why, point), "run the migration again"),
              changed(report, committed));
      return report.before();
    } catch (Throwable broken) {
      // Whatever it was, the tables may have rows of the migration.
      journal.leaveOpen();
      if (cause != null && cause != broken) {
        broken.addSuppressed(cause);
      }
      Failure failure =
          Failure.incomplete(
              "%s; and the tables could not be brought back: %s"
                  .formatted(why, broken.getMessage()),
              "the tables have what was committed of the migration",
              place.wayBack(point)
                  + (ExecutePoint.needsTriggersOff(broken) ? " " + ExecutePoint.TRIGGERS_OFF : ""));
      place.operation().failed(failure);
      throw new MigrationException(failure.message(), failure.state(), failure.hint(), broken);
    }
  }

  /**
   * Whether the database is another than before: where nothing was committed here, rows of others
   * went; where something was, nobody knows whose they were.
   */
  private static @Nullable Boolean changed(ExecuteReport report, boolean committed) {
    if (committed) {
      return null;
    }
    return report.added() + report.changed() + report.removed() > 0;
  }
}
