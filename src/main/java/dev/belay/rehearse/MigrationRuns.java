package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.scratch.DataSteps;
import dev.belay.scratch.StepOnData;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Applies migrations to the copy and takes them back, beside the probe where there is one. */
final class MigrationRuns {
  private final RehearsalGround ground;
  private final Optional<Probe> probe;
  private DataSteps steps;

  /**
   * @param probe works beside the scripts
   */
  MigrationRuns(RehearsalGround ground, Optional<Probe> probe) {
    this.ground = ground;
    this.probe = probe;
    this.steps = ground.replay().onData(ground.copy().target(), ground.plan());
  }

  /** By the same plan, in the copy that took the place of the one before. */
  void beginAgain() {
    steps = ground.replay().onData(ground.copy().target(), ground.plan());
  }

  /** By the plan in which those are not applied any more. */
  void beginAgain(Set<String> scripts) {
    steps =
        ground
            .replay()
            .onData(
                ground.copy().target(),
                ground
                    .plan()
                    .runningAgain()
                    .applying(script -> !scripts.contains(script.script())));
  }

  /**
   * Applies what only catches up, with Flyway's callbacks; nothing is compared.
   *
   * @return why one of them fails
   */
  Optional<Failure> catchUp(List<Entry> entries) {
    for (Entry entry : entries) {
      ground.progress().step("applying " + entry.migration().name() + " to the copy");
      StepOnData step = again(entry);
      if (step.failure() != null) {
        return Optional.of(step.failure());
      }
      ground.copy().cutAgain();
    }
    return Optional.empty();
  }

  /** Applies one, and tells it what came of that. */
  StepOnData up(Entry entry) {
    ground.progress().step("applying " + entry.migration().name() + " to the copy");
    Run<StepOnData> run = beside(() -> again(entry));
    StepOnData step = run.answer();
    Optional.ofNullable(step.recorded()).ifPresent(did -> did.notes().forEach(entry::note));
    entry.up(Passage.of(entry.migration(), step, run.figures()));
    return step;
  }

  /** Applies one without a probe; it is told nothing. */
  StepOnData again(Entry entry) {
    return steps.apply(entry.script().orElseThrow());
  }

  /** What Flyway calls after the last one; why that fails. */
  Optional<Failure> finish() {
    return steps.finish();
  }

  /**
   * Takes one back, and tells it what came of that.
   *
   * @return what there is then; empty when it could not be
   */
  Optional<DataState> undo(Entry entry, DataState current) {
    if (entry.undoStep().isEmpty()) {
      if (!entry.isFound()) {
        entry.found(Verdict.NO_UNDO, "there is no undo script of it: the way back is a restore");
      }
      return Optional.empty();
    }
    ground.progress().step("taking " + entry.migration().name() + " back on the copy");
    Run<UndoRun.Done> run = beside(() -> undone(entry, current));
    UndoRun.Done done = run.answer();
    entry.undo(done.passage().beside(run.figures()));
    if (done.failure().isPresent() && done.stopped()) {
      entry.found(
          Verdict.NOT_REHEARSED,
          "its undo was not tried: %s; try it on a server of its own: --set scratch.server=embedded"
              .formatted(done.failure().get().message()));
      return Optional.empty();
    }
    if (done.failure().isPresent()) {
      entry.found(Verdict.FAILED, "its undo fails: " + done.failure().get().message());
      return Optional.empty();
    }
    return Optional.of(ground.after(current, done.written()));
  }

  /**
   * Takes one back without a probe; it is told nothing.
   *
   * @param current what there is before
   */
  UndoRun.Done undone(Entry entry, DataState current) {
    String script =
        entry.migration().applied() != null
            ? Objects.requireNonNull(entry.migration().applied()).script()
            : entry.script().orElseThrow().script();
    return new UndoRun(
            ground.databases(),
            ground.replay().guard(),
            ground.copy().target(),
            ground.plan().app(),
            current)
        .run(entry.undoStep().orElseThrow(), script);
  }

  /** The tables that a migration may have written; empty: nobody knows which. */
  static Optional<Set<TableName>> written(StepOnData step) {
    return step.knowsWritten() ? Optional.of(step.written()) : Optional.empty();
  }

  private record Run<T>(T answer, Optional<ProbeFigures> figures) {}

  private <T> Run<T> beside(Supplier<T> work) {
    if (probe.isEmpty()) {
      return new Run<>(work.get(), Optional.empty());
    }
    Probe.Felt<T> felt = probe.get().beside(work);
    return new Run<>(felt.answer(), Optional.of(felt.figures()));
  }
}
