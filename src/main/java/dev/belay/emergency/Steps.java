package dev.belay.emergency;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs the steps one after the other. One that fails stops none of the others. */
final class Steps {
  static final int ALL = 6;

  private final Progress progress;
  private final Optional<Journal> journal;
  private final List<EmergencyStep> ended = new ArrayList<>();

  /**
   * @param journal empty: it cannot be written, or nothing is done that would have to be
   */
  Steps(Progress progress, Optional<Journal> journal) {
    this.progress = progress;
    this.journal = journal;
  }

  /** Runs the next step. Whatever it throws is what came of it. */
  StepAnswer run(String name, Supplier<StepAnswer> work) {
    int number = ended.size() + 1;
    progress.step("step %d of %d: %s".formatted(number, ALL, name));
    long begin = System.nanoTime();
    note(name, Map.of(Journal.HINT, "begin again with: belay emergency-recovery"));
    StepAnswer answer;
    try {
      answer = work.get();
    } catch (Failure failure) {
      answer = StepAnswer.of(failure);
    } catch (RuntimeException | Error defect) {
      answer = StepAnswer.notDone(Defect.words("the step " + name, defect), List.of(), Defect.HINT);
    }
    note(name + "-ended", Map.of("status", answer.status().word(), "summary", answer.summary()));
    if (answer.status() == StepStatus.NOT_DONE) {
      progress.warn("%s: not done: %s".formatted(name, answer.summary()));
    }
    ended.add(
        new EmergencyStep(
            number,
            name,
            answer.status(),
            Duration.ofNanos(System.nanoTime() - begin).toMillis(),
            answer.summary(),
            answer.details(),
            answer.hint().orElse(null)));
    return answer;
  }

  /** The steps that have ended, in their order. */
  List<EmergencyStep> ended() {
    return List.copyOf(ended);
  }

  /** What only looks goes on where the journal's disk is full; what changes looks by itself. */
  private void note(String step, Map<String, String> facts) {
    try {
      journal.ifPresent(open -> open.step(step, facts));
    } catch (Failure unwritable) {
      progress.warn(unwritable.message());
    }
  }
}
