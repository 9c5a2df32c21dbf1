package dev.belay.undo;

import dev.belay.catalogue.Catalogue;
import dev.belay.config.AppSettings;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import java.util.List;
import java.util.Optional;

/**
 * A way back, as it was worked out before anything is changed.
 *
 * @param state the migrations as they were when this was worked out
 * @param steps what goes, in the order in which it goes: the newest first
 * @param vanishing repeatable migrations whose objects go with it; they are recorded as deleted, so
 *     that the next start makes them again where that is possible, or, with a hold, stay recorded
 * @param losses what of the live data is destroyed, in the order of its names
 * @param destroyed what the migrations that go took away when they were applied, which no undo has;
 *     empty too where that is not known
 * @param locks what is locked in a way that stops reads or writes
 * @param expected the schema of the app afterwards; empty where no replay could give it
 * @param notes what could not be seen, and what the operator should know
 */
public record UndoPlan(
    AppSettings app,
    AppState state,
    List<UndoStep> steps,
    List<Migration> vanishing,
    List<UndoLoss> losses,
    List<Destruction> destroyed,
    List<UndoLock> locks,
    UndoProof proof,
    Optional<Catalogue> expected,
    List<String> notes) {
  public UndoPlan {
    steps = List.copyOf(steps);
    vanishing = List.copyOf(vanishing);
    losses = List.copyOf(losses);
    destroyed = List.copyOf(destroyed);
    locks = List.copyOf(locks);
    notes = List.copyOf(notes);
  }

  /** Whether everything can be done in one transaction. */
  public boolean isTransactional() {
    return steps.stream().allMatch(UndoStep::isTransactional);
  }

  /** Whether every migration has a script. */
  public boolean isComplete() {
    return steps.stream()
        .allMatch(step -> step.script().isPresent() || step.migration().version() == null);
  }

  /**
   * Applied repeatable migrations of which nobody knows whether their objects go too, since the
   * scripts did not run through in a scratch database; empty where {@link #vanishing} tells.
   */
  public List<Migration> unseenRepeatables() {
    return switch (proof.verdict()) {
      case PROVEN, DIFFERS -> List.of();
      case FAILS, NOT_TRIED -> UndoSelection.repeatable(state);
    };
  }

  /** Rows that are lost in all, as far as they could be counted. */
  public long rowsLost() {
    return losses.stream().mapToLong(UndoLoss::rows).sum();
  }
}
