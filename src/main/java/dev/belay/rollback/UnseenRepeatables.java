package dev.belay.rollback;

import dev.belay.config.ScratchSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.Migration;
import dev.belay.process.ShellWords;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoProof;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Repeatable migrations of which nobody knows whether their objects go with an undo that no scratch
 * database has shown: their rows stay, and the ledger learns nothing of them.
 */
public final class UnseenRepeatables {
  private UnseenRepeatables() {}

  /** What becomes of them; empty: there are none. */
  public static Optional<String> words(UndoPlan plan) {
    return plan.unseenRepeatables().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "whether something goes that %s made is not looked at: what is repeatable stays recorded as applied, and no start makes it again before its script is changed; see what is missing with: %s"
                .formatted(
                    names(plan),
                    ShellWords.join(List.of("belay", "validate-schema", plan.app().name()))));
  }

  /**
   * Why nothing can be held then, since only the ledger would know what went; empty: it can.
   *
   * @param instead what to do without a hold, such as {@code leave --hold out}
   */
  public static Optional<Failure> againstHold(UndoPlan plan, String instead) {
    if (plan.unseenRepeatables().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Failure.refused(
            "whether something goes that %s made is not known without a scratch database in which the undo runs through, and with a hold the ledger has to know that until what is held is reopened"
                .formatted(names(plan)),
            plan.proof().verdict() == UndoProof.Verdict.FAILS
                ? "mend the undo scripts, or " + instead
                : "have it tried, such as with more room on the disk or on another server (%s), or %s"
                    .formatted(ScratchSettings.ON_ANOTHER_SERVER, instead)));
  }

  private static String names(UndoPlan plan) {
    return plan.unseenRepeatables().stream().map(Migration::name).collect(Collectors.joining(", "));
  }
}
