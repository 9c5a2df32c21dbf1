package dev.belay.drill;

import dev.belay.cli.Progress;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.PassingTrouble;
import dev.belay.rehearse.LostServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The parts of a drill as they go: none keeps the others from being tried. */
final class Phases {
  private final Progress progress;
  private final List<Phase> phases = new ArrayList<>();

  Phases(Progress progress) {
    this.progress = progress;
  }

  /** What a part gave, with what is wrong. */
  record Found<T>(T answer, List<String> findings) {}

  /**
   * Does one part.
   *
   * @return what it gave; empty when it failed or could not be tried
   */
  <T> Optional<T> phase(String name, String about, Supplier<Found<T>> work) {
    progress.step("drill: " + name + (about.isEmpty() ? "" : " of " + about));
    long begun = System.nanoTime();
    try {
      Found<T> found = work.get();
      add(
          name,
          about,
          found.findings().isEmpty() ? Phase.Outcome.PASSED : Phase.Outcome.FAILED,
          begun,
          found.findings());
      return found.findings().isEmpty() ? Optional.of(found.answer()) : Optional.empty();
    } catch (Failure broken) {
      Failure failure = LostServer.told(broken);
      boolean around =
          failure.exitCode() == ExitCode.UNAVAILABLE
              || failure.exitCode() == ExitCode.REFUSED
              || PassingTrouble.isBehind(failure);
      boolean finding =
          !around
              && (failure.exitCode() == ExitCode.FINDINGS || failure.exitCode() == ExitCode.FAILED);
      if (!finding && !around) {
        throw failure;
      }
      add(
          name,
          about,
          finding ? Phase.Outcome.FAILED : Phase.Outcome.NOT_CHECKED,
          begun,
          List.of(failure.message() + " (" + failure.hint() + ")"));
      return Optional.empty();
    }
  }

  private void add(
      String name, String about, Phase.Outcome outcome, long begun, List<String> findings) {
    phases.add(new Phase(name, about, outcome, (System.nanoTime() - begun) / 1_000_000, findings));
    for (String finding : findings) {
      progress.warn(name + ": " + finding);
    }
  }

  /** A finding without any work. */
  void failed(String name, String about, String finding) {
    add(name, about, Phase.Outcome.FAILED, System.nanoTime(), List.of(finding));
  }

  /** The last part was none: the server cannot do it. */
  void lastIsSkipped(String why) {
    Phase last = phases.remove(phases.size() - 1);
    phases.add(
        new Phase(last.name(), last.about(), Phase.Outcome.SKIPPED, last.millis(), List.of(why)));
  }

  /** How the last part ended. */
  Phase last() {
    return phases.get(phases.size() - 1);
  }

  List<Phase> all() {
    return List.copyOf(phases);
  }
}
