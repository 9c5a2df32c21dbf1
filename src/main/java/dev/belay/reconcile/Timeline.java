package dev.belay.reconcile;

import dev.belay.cli.Progress;
import dev.belay.journal.Journal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Says each step before it is done, writes it into the journal, and keeps how long it took. */
final class Timeline {
  private final Progress progress;
  private final Journal journal;
  private final int steps;
  private final List<Phase> phases = new ArrayList<>();
  private String current = "";
  private Instant begunAt = Instant.now();
  private long from = System.nanoTime();

  /**
   * @param steps how many there will be
   */
  Timeline(Progress progress, Journal journal, int steps) {
    this.progress = progress;
    this.journal = journal;
    this.steps = steps;
  }

  /**
   * Does a step.
   *
   * @param what in words
   * @param outcome makes words of what it gives
   */
  <T> T step(String what, Supplier<T> step, Function<T, String> outcome) {
    begin(what);
    T done = step.get();
    end(outcome.apply(done));
    return done;
  }

  /** Begins a step. One that is begun anew, after somebody was in its way, is another one. */
  void begin(String what) {
    int number = Math.min(steps, phases.size() + 1);
    progress.step("step %d of %d: %s".formatted(number, steps, what));
    journal.step("reconcile", Map.of("step", what));
    current = what;
    begunAt = Instant.now();
    from = System.nanoTime();
  }

  /** Ends it. */
  void end(String outcome) {
    phases.add(
        new Phase(
            current,
            begunAt.truncatedTo(ChronoUnit.MILLIS),
            (System.nanoTime() - from) / 1_000_000,
            outcome));
    progress.step(current + ": " + outcome);
  }

  List<Phase> phases() {
    return List.copyOf(phases);
  }
}
