package dev.belay.emergency;

import dev.belay.archive.StoredBackup;
import dev.belay.core.Units;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.UndoLock;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoProof;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long an undo takes, with the backup that comes first: as it was rehearsed, else guessed.
 *
 * @param millis null: nobody knows
 * @param basis where that is from, in words
 */
record UndoTime(@Nullable Long millis, String basis) {
  /** A rewrite of a table writes so many bytes in a second; slow on purpose. */
  private static final long GUESSED_BYTES_PER_SECOND = 30_000_000;

  private static final long AROUND_MILLIS = 2_000;

  /**
   * Works it out.
   *
   * @param rehearsal of just this script
   * @param liveBytes the size of the live database
   * @param backup the newest; empty: none was timed
   */
  static UndoTime of(
      UndoPlan plan, LastRehearsal rehearsal, long liveBytes, Optional<StoredBackup> backup) {
    if (backup.isEmpty()) {
      return new UndoTime(null, "no backup was timed, and one comes first");
    }
    RehearsedUndo rehearsed = rehearsal.undo();
    Long measured = measured(rehearsed, liveBytes);
    long before = backup.get().manifest().durationMillis();
    boolean known = plan.proof().verdict() != UndoProof.Verdict.NOT_TRIED || measured != null;
    return new UndoTime(
        known
            ? Long.valueOf(
                before + AROUND_MILLIS + Objects.requireNonNullElse(measured, guess(plan)))
            : null,
        "%s for the backup that comes first, as %s took; %s"
            .formatted(
                Units.duration(Duration.ofMillis(before)),
                backup.get().id(),
                rehearsed != null && measured != null
                    ? as(rehearsed, measured) + rehearsal.aged()
                    : guessed(rewritten(plan))));
  }

  /** What the script took when it was rehearsed, for a database of this size. */
  private static @Nullable Long measured(@Nullable RehearsedUndo rehearsed, long liveBytes) {
    if (rehearsed == null || !rehearsed.cameToTheUndo()) {
      return null;
    }
    double larger = rehearsed.copyBytes() <= 0 ? 1 : (double) liveBytes / rehearsed.copyBytes();
    return Math.round(rehearsed.undoMillis() * Math.max(1, larger));
  }

  private static long rewritten(UndoPlan plan) {
    return plan.locks().stream()
        .filter(UndoLock::rewrites)
        .mapToLong(lock -> lock.bytes().orElse(0L))
        .sum();
  }

  private static long guess(UndoPlan plan) {
    return rewritten(plan) * 1000 / GUESSED_BYTES_PER_SECOND;
  }

  private static String as(RehearsedUndo rehearsed, long millis) {
    return "%s for the script, as in the rehearsal of %s on a copy of %s"
        .formatted(
            Units.duration(Duration.ofMillis(millis)),
            Units.moment(rehearsed.at()),
            Units.bytes(rehearsed.copyBytes()));
  }

  private static String guessed(long rewritten) {
    return rewritten == 0
        ? "no table is written anew"
        : "tables of %s are written anew, guessed from their size"
            .formatted(Units.bytes(rewritten));
  }
}
