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
  private boolean refused;

  Phases(Progress progress) {
    this.progress = progress;
  }

  /**
   * What a part gave.
   *
   * @param findings what is wrong
   * @param unproven why nothing was found and nothing is proven either
   */
  record Found<T>(T answer, List<String> findings, Optional<String> unproven) {
    Found(T answer, List<String> findings) {
      this(answer, findings, Optional.empty());
    }

    Phase.Outcome outcome() {
      if (!findings.isEmpty()) {
        return Phase.Outcome.FAILED;
      }
      return unproven.isPresent() ? Phase.Outcome.NOT_CHECKED : Phase.Outcome.PASSED;
    }

    List<String> words() {
      return findings.isEmpty() ? unproven.stream().toList() : findings;
    }
  }

  /**
   * Does one part.
   *
   * @return what it gave, proven or not; empty when it failed or could not be tried
   */
  <T> Optional<T> phase(String name, String about, Supplier<Found<T>> work) {
    progress.step("drill: " + name + (about.isEmpty() ? "" : " of " + about));
    long begun = System.nanoTime();
    refused = false;
    try {
      Found<T> found = work.get();
      add(name, about, found.outcome(), begun, found.words());
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
      refused = failure.exitCode() == ExitCode.REFUSED;
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
      progress.warn(name + ": " + progress.toPaste(finding));
    }
  }

  /** A finding without any work. */
  void failed(String name, String about, String finding) {
    add(name, about, Phase.Outcome.FAILED, System.nanoTime(), List.of(finding));
  }

  /** What was not even tried, and why. */
  void notChecked(String name, String about, String why) {
    add(name, about, Phase.Outcome.NOT_CHECKED, System.nanoTime(), List.of(why));
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

  /** Whether the last part was refused for what it was about, so that another may be possible. */
  boolean lastWasRefused() {
    return refused;
  }

  List<Phase> all() {
    return List.copyOf(phases);
  }
}
