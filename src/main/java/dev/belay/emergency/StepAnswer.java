package dev.belay.emergency;

import dev.belay.core.Failure;
import java.util.List;
import java.util.Optional;

/**
 * What came of a step.
 *
 * @param summary one line
 * @param details more lines, such as findings
 * @param hint what to do about it
 */
record StepAnswer(StepStatus status, String summary, List<String> details, Optional<String> hint) {
  StepAnswer {
    details = List.copyOf(details);
  }

  static StepAnswer done(String summary, List<String> details) {
    return new StepAnswer(StepStatus.DONE, summary, details, Optional.empty());
  }

  static StepAnswer found(String summary, List<String> details, Optional<String> hint) {
    return new StepAnswer(StepStatus.FOUND, summary, details, hint);
  }

  static StepAnswer notDone(String summary, List<String> details, String hint) {
    return new StepAnswer(StepStatus.NOT_DONE, summary, details, Optional.of(hint));
  }

  static StepAnswer skipped(String why) {
    return new StepAnswer(StepStatus.SKIPPED, why, List.of(), Optional.empty());
  }

  /** It could not be done. */
  static StepAnswer of(Failure failure) {
    return notDone(failure.message(), List.of(), failure.hint());
  }
}
