package dev.belay.emergency;

import dev.belay.core.Units;
import dev.belay.rollback.LossAccount;
import dev.belay.undo.Destruction;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.UndoLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is lost when a migration is undone: what its undo script takes, and what the migration took
 * itself when it was applied, which no undo script has.
 *
 * @param rows rows and values; null: not known
 * @param exact whether they were counted; else there may be more
 * @param words the same for people
 * @param against what speaks against it; empty: nothing that is known
 */
record UndoPrice(@Nullable Long rows, boolean exact, String words, Optional<String> against) {
  private static final int SHOWN = 3;

  /**
   * What it comes to.
   *
   * @param losses what the script takes
   * @param destroyed what the migration took, as a replay shows it
   * @param rehearsed the last rehearsal of just this script
   * @param checksum of the migration as it was applied; null: not known
   * @param old why that rehearsal says less of now; empty: it does not. One that is old excuses
   *     nothing, and what was lost in it speaks against the undo all the same
   */
  static UndoPrice of(
      List<UndoLoss> losses,
      List<Destruction> destroyed,
      Optional<RehearsedUndo> rehearsed,
      @Nullable Integer checksum,
      Optional<String> old) {
    boolean thereAndBack = rehearsed.filter(RehearsedUndo::showsWhatWasTaken).isPresent();
    Optional<RehearsedUndo> proven =
        rehearsed
            .filter(RehearsedUndo::showsWhatWasTaken)
            .filter(RehearsedUndo::isProven)
            .filter(each -> each.isOf(checksum) && old.isEmpty());
    Optional<RehearsedUndo> lossy = rehearsed.filter(RehearsedUndo::isOnlyLossy);
    // What was dropped held nothing then, and may have held something when it was dropped here.
    List<Destruction> taken =
        proven.isEmpty() ? destroyed : destroyed.stream().filter(Destruction::certain).toList();
    boolean takes = taken.stream().anyMatch(Destruction::certain);
    // Taken back and applied again, rows are lost that the script takes: of those it is known.
    boolean explained = !thereAndBack && !takes && !losses.isEmpty();
    Optional<String> against =
        lossy
            .filter(each -> !explained)
            .map(each -> against(each, old))
            .or(() -> takes ? Optional.of(against(taken, proven)) : Optional.empty());
    return new UndoPrice(
        rows(losses, rehearsed, thereAndBack, taken),
        losses.stream().allMatch(UndoLoss::exact) && lossy.isEmpty() && taken.isEmpty(),
        words(losses, lossy, taken, old),
        against);
  }

  private static @Nullable Long rows(
      List<UndoLoss> losses,
      Optional<RehearsedUndo> rehearsed,
      boolean thereAndBack,
      List<Destruction> taken) {
    long known = losses.stream().mapToLong(UndoLoss::rows).sum();
    boolean unknown = losses.stream().anyMatch(UndoPrice::isUnknown);
    Optional<Long> seen =
        rehearsed
            .filter(each -> each.isProven() || each.isOnlyLossy())
            .map(RehearsedUndo::rowsLost);
    if (seen.isEmpty()) {
      return unknown || !taken.isEmpty() ? null : known;
    }
    if (!taken.isEmpty() && seen.get() == 0) {
      return null;
    }
    return thereAndBack || unknown ? known + seen.get() : Math.max(known, seen.get());
  }

  /** How many rows statements remove is known only when they have run. */
  private static boolean isUnknown(UndoLoss loss) {
    return loss.rows() == 0 && !loss.exact();
  }

  private static String against(RehearsedUndo lossy, Optional<String> old) {
    return "it does not bring back %s that were lost in the rehearsal of %s; a backup from before has them"
        .formatted(
            Units.count(lossy.rowsLost(), "row or value", "rows or values"), when(lossy, old));
  }

  private static String when(RehearsedUndo rehearsed, Optional<String> old) {
    return Units.moment(rehearsed.at()) + old.map(why -> " (old: %s)".formatted(why)).orElse("");
  }

  private static String against(List<Destruction> taken, Optional<RehearsedUndo> proven) {
    String what = words(taken.stream().filter(Destruction::certain).toList());
    return proven
        .map(
            each ->
                "it may not bring back what the migration took (%s), though nothing was lost in the rehearsal of %s; a backup from before has it"
                    .formatted(what, Units.moment(each.at())))
        .orElseGet(
            () ->
                "it does not bring back what the migration took (%s); a backup from before has it"
                    .formatted(what));
  }

  private static String words(List<Destruction> taken) {
    String shown =
        taken.stream().limit(SHOWN).map(Destruction::words).collect(Collectors.joining(", "));
    return taken.size() > SHOWN ? "%s and %d more".formatted(shown, taken.size() - SHOWN) : shown;
  }

  private static String words(
      List<UndoLoss> losses,
      Optional<RehearsedUndo> lossy,
      List<Destruction> taken,
      Optional<String> old) {
    List<String> words = new ArrayList<>();
    losses.stream()
        .filter(loss -> loss.rows() > 0 || !loss.exact())
        .map(UndoPrice::words)
        .forEach(words::add);
    if (words.isEmpty()) {
      words.add(
          taken.isEmpty() && lossy.isEmpty() ? "nothing" : "the undo script itself takes nothing");
    }
    if (!taken.isEmpty()) {
      words.add("what the migration took stays gone: " + words(taken));
    }
    lossy.ifPresent(
        each ->
            words.add(
                "in the rehearsal of %s %s were lost"
                    .formatted(
                        when(each, old),
                        Units.count(each.rowsLost(), "row or value", "rows or values"))));
    return String.join("; ", words);
  }

  private static String words(UndoLoss loss) {
    return isUnknown(loss) && loss.kind() != UndoLoss.Kind.REMOVED
        ? "%s%s is dropped, emptied or converted, with what is not counted"
            .formatted(loss.table().plain(), loss.column().map(name -> "." + name).orElse(""))
        : LossAccount.words(loss);
  }
}
