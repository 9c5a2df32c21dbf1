package dev.belay.rehearse;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.ObjectKey;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Databases;
import dev.belay.scratch.DataSteps;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import dev.belay.scratch.StepOnData;
import dev.belay.undo.SchemaReturn;
import dev.belay.undo.UndoProof;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Tries migrations and their ways back on a copy, one after the other, and compares. */
final class Rehearsing {
  private final ScratchReplay replay;
  private final Databases databases;
  private final DataCopy copy;
  private final AppSettings app;
  private final ReplayPlan plan;
  private final int jobs;
  private final Optional<Probe> probe;
  private final Progress progress;
  private final Losses losses;
  private final List<DataState> states = new ArrayList<>();
  private final Set<ObjectKey> ignored = new HashSet<>();
  private final Set<TableName> ignoredTables = new HashSet<>();
  private final Set<String> blamed = new HashSet<>();
  private DataSteps steps;

  /**
   * @param plan by the history of the copy; what it has applied is left alone by Flyway
   * @param jobs parallel sessions for fingerprints
   * @param probe works beside the scripts
   */
  Rehearsing(
      ScratchReplay replay,
      DataCopy copy,
      ReplayPlan plan,
      int jobs,
      Optional<Probe> probe,
      Progress progress) {
    this.replay = replay;
    this.databases = replay.databases();
    this.copy = copy;
    this.app = plan.app();
    this.plan = plan;
    this.jobs = jobs;
    this.probe = probe;
    this.progress = progress;
    this.losses = new Losses(databases, progress);
    this.steps = replay.onData(copy.target(), plan);
  }

  private DataState first() {
    return states.get(0);
  }

  /** Flyway's callbacks, and migrations that only catch up; nothing is compared. */
  Optional<Failure> only(List<Entry> entries) {
    for (Entry entry : entries) {
      progress.step("applying " + entry.migration().name() + " to the copy");
      StepOnData step = steps.apply(entry.script().orElseThrow());
      if (step.failure() != null) {
        return Optional.of(step.failure());
      }
    }
    return Optional.empty();
  }

  /**
   * Applies them, and then takes them back, the last one first.
   *
   * @throws Failure when something else fails than a script: UNAVAILABLE when the server is gone
   */
  void thereAndBack(List<Entry> entries) {
    states.add(DataState.whole(databases, copy.target(), app, jobs, progress));
    int done = 0;
    DataState current = first();
    boolean clean = true;
    for (Entry entry : entries) {
      StepOnData step = up(entry);
      Optional<Set<TableName>> written =
          step.knowsWritten() ? Optional.of(step.written()) : Optional.empty();
      DataState now = after(current, written);
      Failure failure = step.failure();
      if (failure != null) {
        entry.found(Verdict.FAILED, failure.message());
        clean = same(current, now);
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
      Optional<Failure> callback = steps.finish();
      if (callback.isPresent() && done > 0) {
        entries
            .get(done - 1)
            .found(
                Verdict.FAILED,
                "a callback after the migrations fails: " + callback.get().message());
      } else {
        current = after(current, Optional.empty());
      }
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
      ignoreAfter(states.get(versioned), last);
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
      Optional<DataState> undone = undo(entry, current);
      Optional<Difference> difference = undone.flatMap(now -> compare(entry, wanted, now));
      if (undone.isPresent() && difference.isEmpty()) {
        current = undone.get();
      } else {
        usable = at > 0 ? renewed(entries, at, entry, difference) : told(entry, difference);
        current = wanted;
      }
      if (undone.isPresent()) {
        entry.proven();
      }
    }
  }

  /** What repeatable migrations and callbacks made is no difference of those before them. */
  private void ignoreAfter(DataState before, DataState last) {
    ignored.addAll(differing(before.schema(), last.schema()));
    ignored.addAll(differing(last.schema(), before.schema()));
    ignoredTables.addAll(before.notIn(last));
    ignoredTables.addAll(last.notIn(before));
  }

  private static List<ObjectKey> differing(Catalogue one, Catalogue other) {
    return one.objects().entrySet().stream()
        .filter(each -> !each.getValue().equals(other.objects().get(each.getKey())))
        .map(java.util.Map.Entry::getKey)
        .toList();
  }

  /**
   * Takes the newest back, one after the other, and applies them again.
   *
   * @param newestFirst applied migrations
   * @param proof what the same undo did to the schema alone in a replay
   */
  void backAndThere(List<Entry> newestFirst, Optional<UndoProof> proof) {
    DataState current = DataState.whole(databases, copy.target(), app, jobs, progress);
    states.add(current);
    int undone = 0;
    for (Entry entry : newestFirst) {
      Optional<DataState> now = undo(entry, current);
      if (now.isEmpty()) {
        break;
      }
      current = now.get();
      states.add(current);
      undone++;
    }
    for (Entry entry : newestFirst.subList(undone, newestFirst.size())) {
      if (!entry.isFound()) {
        entry.found(
            Verdict.NOT_REHEARSED,
            newestFirst.get(undone).migration().name() + ", which was applied after it, stays");
      }
    }
    if (undone == newestFirst.size() && proof.isPresent()) {
      Entry oldest = newestFirst.get(undone - 1);
      oldest.differs(
          proof.get().differences().stream().map(each -> "after the undo " + each).toList());
    }
    Set<String> gone = new HashSet<>();
    newestFirst.forEach(each -> each.script().ifPresent(script -> gone.add(script.script())));
    steps = replay.onData(copy.target(), plan.applying(script -> !gone.contains(script.script())));
    for (int at = undone - 1; at >= 0; at--) {
      Entry entry = newestFirst.get(at);
      if (entry.script().isEmpty()) {
        entry.found(
            Verdict.NOT_REHEARSED,
            "there is no script of it on disk, so it could not be applied again to compare");
        leave(newestFirst.subList(0, at), entry);
        return;
      }
      StepOnData step = up(entry);
      if (step.failure() != null) {
        entry.found(Verdict.FAILED, "it cannot be applied again: " + step.failure().message());
        leave(newestFirst.subList(0, at), entry);
        return;
      }
      current =
          after(current, step.knowsWritten() ? Optional.of(step.written()) : Optional.empty());
      told(entry, compare(entry, states.get(at), current));
      entry.proven();
    }
  }

  private static void leave(List<Entry> rest, Entry because) {
    rest.forEach(
        entry ->
            entry.found(
                Verdict.NOT_REHEARSED,
                because.migration().name() + " could not be applied again before it"));
  }

  private StepOnData up(Entry entry) {
    progress.step("applying " + entry.migration().name() + " to the copy");
    Run<StepOnData> run = beside(() -> steps.apply(entry.script().orElseThrow()));
    entry.up(passage(entry, run.answer(), run.figures()));
    return run.answer();
  }

  private record Run<T>(T answer, Optional<ProbeFigures> figures) {}

  private <T> Run<T> beside(Supplier<T> work) {
    if (probe.isEmpty()) {
      return new Run<>(work.get(), Optional.empty());
    }
    Probe.Felt<T> felt = probe.get().beside(work);
    return new Run<>(felt.answer(), Optional.of(felt.figures()));
  }

  private static Passage passage(Entry entry, StepOnData step, Optional<ProbeFigures> figures) {
    Optional<RecordedMigration> recorded = Optional.ofNullable(step.recorded());
    recorded.ifPresent(each -> each.notes().forEach(entry::note));
    return new Passage(
        entry.migration().name(),
        "file",
        step.knowsWritten(),
        step.took().toMillis(),
        step.statements(),
        locks(step, recorded),
        words(recorded.map(RecordedMigration::rewritten).orElse(List.of())),
        words(
            recorded.map(RecordedMigration::dropped).orElse(List.of()).stream()
                .filter(object -> object.type().startsWith("table"))
                .toList()),
        words(recorded.map(RecordedMigration::emptied).orElse(List.of())),
        recorded.map(RecordedMigration::rows).orElse(List.of()).stream()
            .map(
                rows ->
                    new Passage.Rows(
                        rows.relation().identity(),
                        rows.inserted(),
                        rows.updated(),
                        rows.deleted()))
            .toList(),
        List.of(),
        Optional.ofNullable(step.failure()).map(Failure::message),
        figures);
  }

  /** Without a transaction nobody knows how long; that is said by a time below zero. */
  private static List<Passage.Lock> locks(StepOnData step, Optional<RecordedMigration> recorded) {
    if (step.knowsWritten()) {
      return step.locks().stream().map(UndoRun::lock).toList();
    }
    return recorded.map(RecordedMigration::locks).orElse(List.of()).stream()
        .filter(lock -> lock.relation().isTable() && !lock.strongest().isOfRows())
        .map(
            lock ->
                new Passage.Lock(
                    lock.relation().identity(),
                    lock.strongest().word(),
                    UndoRun.stops(lock.strongest()),
                    -1))
        .toList();
  }

  private static List<String> words(List<RecordedObject> objects) {
    return objects.stream().map(RecordedObject::words).toList();
  }

  /**
   * Takes one back.
   *
   * @return what there is then; empty when it could not be
   */
  private Optional<DataState> undo(Entry entry, DataState current) {
    if (entry.undoStep().isEmpty()) {
      if (!entry.isFound()) {
        entry.found(Verdict.NO_UNDO, "there is no undo script of it: the way back is a restore");
      }
      return Optional.empty();
    }
    progress.step("taking " + entry.migration().name() + " back on the copy");
    String script =
        entry.migration().applied() != null
            ? Objects.requireNonNull(entry.migration().applied()).script()
            : entry.script().orElseThrow().script();
    UndoRun undo = new UndoRun(databases, copy.target(), app, current);
    Run<UndoRun.Done> run = beside(() -> undo.run(entry.undoStep().orElseThrow(), script));
    UndoRun.Done done = run.answer();
    Passage passage = done.passage();
    entry.undo(
        new Passage(
            passage.script(),
            passage.from(),
            passage.inTransaction(),
            passage.millis(),
            passage.statements(),
            passage.locks(),
            passage.rewritten(),
            passage.dropped(),
            passage.emptied(),
            passage.rows(),
            passage.destroyed(),
            passage.error(),
            run.figures()));
    if (done.failure().isPresent()) {
      entry.found(Verdict.FAILED, "its undo fails: " + done.failure().get().message());
      return Optional.empty();
    }
    return Optional.of(after(current, done.written()));
  }

  private DataState after(DataState before, Optional<Set<TableName>> written) {
    return before.after(databases, copy.target(), app, jobs, progress, written);
  }

  private static boolean same(DataState before, DataState now) {
    return before.notIn(now).isEmpty()
        && now.notIn(before).isEmpty()
        && SchemaReturn.of(before.schema(), now.schema()).differences().isEmpty();
  }

  /**
   * What is not as it should be.
   *
   * @param tables of which the content is another
   */
  private record Difference(DataState wanted, DataState now, List<TableName> tables) {}

  /** Looks whether everything is as it should be again; of the schema the entry is told. */
  private Optional<Difference> compare(Entry entry, DataState wanted, DataState now) {
    SchemaReturn back =
        SchemaReturn.of(
            wanted.schema().only(key -> !ignored.contains(key)),
            now.schema().only(key -> !ignored.contains(key)));
    List<String> differences = new ArrayList<>(back.differences());
    differences.addAll(wanted.setBackIn(now));
    differences.removeIf(each -> !blamed.add(each));
    entry.differs(differences);
    back.notes().stream().filter(blamed::add).forEach(entry::note);
    List<TableName> tables =
        wanted.notIn(now).stream()
            .filter(table -> !ignoredTables.contains(table))
            .filter(table -> blamed.add("rows of " + table))
            .toList();
    return differences.isEmpty() && tables.isEmpty()
        ? Optional.empty()
        : Optional.of(new Difference(wanted, now, tables));
  }

  /** Counts what is lost by the copy that stayed as it was before everything. */
  private boolean told(Entry entry, Optional<Difference> difference) {
    if (difference.isPresent()) {
      Difference found = difference.get();
      Set<TableName> comparable = new HashSet<>();
      for (TableName table : found.tables()) {
        if (Objects.equals(found.wanted().tables().get(table), first().tables().get(table))) {
          comparable.add(table);
        }
      }
      entry.loses(
          losses.of(
              copy.before(),
              copy.target(),
              found.wanted(),
              found.now(),
              found.tables(),
              comparable));
    }
    return true;
  }

  /**
   * Whether the copy is as it was after the first so many, in a new one, with which the one before
   * is compared.
   */
  private boolean renewed(
      List<Entry> entries, int first, Entry entry, Optional<Difference> difference) {
    blamed.clear();
    progress.step("beginning again with a new copy");
    Target was = copy.target();
    Optional<DataCopy.Used> renewed = copy.renew();
    if (renewed.isEmpty()) {
      told(entry, difference);
      return false;
    }
    try (DataCopy.Used used = renewed.get()) {
      steps = replay.onData(copy.target(), plan);
      boolean again = only(entries.subList(0, first)).isEmpty();
      if (difference.isPresent()) {
        Difference found = difference.get();
        Optional<Target> as = again ? used.target().map(there -> copy.target()) : Optional.empty();
        entry.loses(
            losses.of(
                as, was, found.wanted(), found.now(), found.tables(), Set.copyOf(found.tables())));
      }
      return again;
    }
  }
}
