package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.scratch.StepOnData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies pending migrations to a copy, takes them back, the last one first, and compares. */
final class ThereAndBack {
  private final RehearsalGround ground;
  private final MigrationRuns runs;
  private final List<DataState> states = new ArrayList<>();
  private final Hidden hidden = new Hidden();
  private final Comparison comparison;

  /**
   * @param probe works beside the scripts
   */
  ThereAndBack(RehearsalGround ground, Optional<Probe> probe) {
    this.ground = ground;
    this.runs = new MigrationRuns(ground, probe);
    this.comparison = new Comparison(ground, () -> states.get(0), hidden);
  }

  /**
   * Applies them, and then takes them back, the last one first.
   *
   * @throws Failure when something else fails than a script: UNAVAILABLE when the server is gone
   */
  void rehearse(List<Entry> entries) {
    DataState current = ground.state();
    states.add(current);
    comparison.noteCounted(entries);
    int done = 0;
    boolean clean = true;
    for (Entry entry : entries) {
      StepOnData step = runs.up(entry);
      DataState now = ground.after(current, MigrationRuns.written(step));
      Failure failure = step.failure();
      if (failure != null) {
        entry.found(Verdict.FAILED, failure.message());
        clean = current.isAs(now);
        if (!clean) {
          entry.note("a part of it stays, since it has no transaction");
        }
        current = now;
        break;
      }
      current = now;
      states.add(now);
      done++;
    }
    if (done == entries.size()) {
      Optional<Failure> callback = runs.finish();
      if (callback.isPresent() && done > 0) {
        entries
            .get(done - 1)
            .found(
                Verdict.FAILED,
                "a callback after the migrations fails: " + callback.get().message());
      }
      current = ground.after(current, Optional.empty());
    }
    for (Entry entry : entries.subList(Math.min(done + 1, entries.size()), entries.size())) {
      entry.found(Verdict.NOT_REHEARSED, entries.get(done).migration().name() + " fails before it");
    }
    back(entries, done, current, clean);
  }

  /** Whatever has no version comes last, and stays when versions go. */
  private void back(List<Entry> entries, int done, DataState last, boolean clean) {
    int versioned = done;
    while (versioned > 0 && entries.get(versioned - 1).isRepeatable()) {
      versioned--;
      entries.get(versioned).proven();
    }
    if (clean) {
      hidden.between(states.get(versioned), last);
    }
    DataState current = last;
    boolean usable =
        clean
            || versioned == 0
            || renewed(entries, versioned, entries.get(versioned - 1), Optional.empty());
    for (int at = versioned - 1; at >= 0; at--) {
      Entry entry = entries.get(at);
      if (!usable) {
        entry.found(Verdict.NOT_REHEARSED, "the copy is not as it was before what failed after it");
        continue;
      }
      DataState wanted = states.get(at);
      Optional<DataState> undone = runs.undo(entry, current);
      Optional<Comparison.Difference> difference =
          undone.flatMap(now -> comparison.compare(entry, wanted, now));
      List<String> unclear = unclear(wanted, states.get(at + 1), current, undone);
      if (!unclear.isEmpty() && ground.copy().before().isPresent()) {
        usable = renewed(entries, at, entry, difference);
        if (usable) {
          usable = alone(entries, at, unclear);
        } else {
          notCompared(entry, unclear, "what came before it cannot be applied again");
        }
        current = states.get(at);
      } else if (undone.isPresent() && difference.isEmpty()) {
        current = undone.get();
      } else {
        usable = putRight(entries, at, entry, difference);
        current = states.get(at);
      }
      if (!unclear.isEmpty() && ground.copy().before().isEmpty()) {
        notCompared(entry, unclear, "there is no room for another copy without those");
      }
      if (undone.isPresent()) {
        entry.proven();
      }
    }
  }

  private List<String> unclear(
      DataState wanted, DataState applied, DataState before, Optional<DataState> undone) {
    return undone.map(now -> hidden.touched(wanted, applied, before, now)).orElse(List.of());
  }

  private static void notCompared(Entry entry, List<String> unclear, String why) {
    entry.found(
        Verdict.NOT_REHEARSED,
        "not compared, since a repeatable migration or a callback changes it too: %s; %s"
            .formatted(String.join(", ", unclear), why));
  }

  /** Takes one there and back again where nothing came after it; whether the copy is as before. */
  private boolean alone(List<Entry> entries, int at, List<String> unclear) {
    Entry entry = entries.get(at);
    ground
        .progress()
        .step("trying %s without what came after it".formatted(entry.migration().name()));
    StepOnData step = runs.again(entry);
    if (step.failure() != null) {
      notCompared(entry, unclear, "it cannot be applied again: " + step.failure().message());
      return at > 0 && renewed(entries, at, entry, Optional.empty());
    }
    DataState applied = ground.after(states.get(at), MigrationRuns.written(step));
    UndoRun.Done done = runs.undone(entry, applied);
    if (done.failure().isPresent()) {
      notCompared(
          entry, unclear, "without those its undo fails: " + done.failure().get().message());
      return at > 0 && renewed(entries, at, entry, Optional.empty());
    }
    Optional<Comparison.Difference> difference =
        comparison.compare(entry, states.get(at), ground.after(applied, done.written()));
    return difference.isEmpty() || putRight(entries, at, entry, difference);
  }

  /** Whether what came before it can be rehearsed, after what it did not bring back is told. */
  private boolean putRight(
      List<Entry> entries, int at, Entry entry, Optional<Comparison.Difference> difference) {
    if (at > 0) {
      return renewed(entries, at, entry, difference);
    }
    comparison.tell(entry, difference);
    return true;
  }

  /**
   * Whether the copy is as it was after the first so many, in a new one, with which the one before
   * is compared.
   */
  private boolean renewed(
      List<Entry> entries, int first, Entry entry, Optional<Comparison.Difference> difference) {
    comparison.forget();
    ground.progress().step("beginning again with a new copy");
    Target was = ground.copy().target();
    Optional<DataCopy.Used> renewed = ground.copy().renew();
    if (renewed.isEmpty()) {
      comparison.tell(entry, difference);
      return false;
    }
    try (DataCopy.Used used = renewed.get()) {
      runs.beginAgain();
      hidden.clear();
      boolean again = repeated(entries.subList(0, first));
      if (difference.isPresent()) {
        Optional<Target> as =
            again ? used.target().map(there -> ground.copy().target()) : Optional.empty();
        comparison.tell(entry, difference.get(), as, was);
      }
      return again;
    }
  }

  /** Applies them again; what they do may depend on the moment, so it is measured again. */
  private boolean repeated(List<Entry> entries) {
    for (int at = 0; at < entries.size(); at++) {
      StepOnData step = runs.again(entries.get(at));
      if (step.failure() != null) {
        return false;
      }
      states.set(at + 1, ground.after(states.get(at), MigrationRuns.written(step)));
    }
    return true;
  }
}
