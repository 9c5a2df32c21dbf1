package dev.belay.reconcile;

import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The sources of one run, merged one after the other, and the check at the end. */
final class Passes {
  private final GuardedRun run;
  private final ReconcileRequest request;
  private final Timeline timeline;
  private final Consent consent;
  private final OperationLock lock;
  private final List<Reconciling.Answer> answers = new ArrayList<>();
  private final List<String> remaining = new ArrayList<>();
  private final List<String> unclosed = new ArrayList<>();
  private List<Checked> checks = List.of();

  Passes(
      GuardedRun run,
      ReconcileRequest request,
      Timeline timeline,
      Consent consent,
      OperationLock lock) {
    this.run = run;
    this.request = request;
    this.timeline = timeline;
    this.consent = consent;
    this.lock = lock;
  }

  /**
   * Merges a source.
   *
   * @throws Failure INCOMPLETE, whatever broke, when one before it has written rows
   */
  void merge(ReconcileRequest how, Source source) {
    if (answers.isEmpty()) {
      Matching.refuseMeaningless(how.tables(), run.settings().apps(), source.relations());
    }
    Reconciling reconciling =
        new Reconciling(
            run,
            how,
            timeline,
            consent,
            lock,
            source,
            Matching.wanted(how.tables(), run.settings().apps()));
    Reconciling.Answer answer =
        afterWriting("the rows of %s are not".formatted(source.words()), reconciling::run);
    answers.add(answer);
    remaining.addAll(Remains.of(how, answer.pass(), answer.missing(), source.unmerged()));
  }

  /** Looks at the target, unless nothing was agreed to. */
  void check() {
    if (!agreed()) {
      return;
    }
    checks =
        afterWriting(
            "the data was not checked at the end",
            () ->
                timeline.step(
                    "check foreign keys, constraints and sequences",
                    () ->
                        FinalChecks.of(
                            run,
                            request.jobs(),
                            Matching.wanted(request.tables(), run.settings().apps())),
                    FinalChecks::words));
    checks.stream()
        .filter(check -> check.problems() > 0)
        .forEach(
            check ->
                remaining.add(
                    "%s: %s"
                        .formatted(
                            Units.count(check.problems(), "problem", "problems"),
                            check.complaint())));
  }

  /**
   * Uses something and closes it. What was done is done: once rows were written, what cannot be
   * closed is a warning and a note.
   */
  void using(Runnable close, Runnable use) {
    try {
      use.run();
    } catch (Throwable broken) {
      try {
        close.run();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      throw broken;
    }
    try {
      close.run();
    } catch (Failure stays) {
      if (!wrote()) {
        throw stays;
      }
      run.progress().warn(stays.message());
      unclosed.add("not cleared away, which the next run tries again: " + stays.message());
    }
  }

  /**
   * Does a step.
   *
   * @throws Failure INCOMPLETE, whatever broke, when rows were written before
   */
  <T> T afterWriting(String not, Supplier<T> step) {
    try {
      return step.get();
    } catch (Failure failure) {
      if (!wrote() || failure.exitCode() == ExitCode.INCOMPLETE) {
        throw failure;
      }
      throw Failure.incomplete(
              failure.message(),
              "what was merged before is kept, and " + not,
              "run the same command again: it goes on with the rest")
          .causedBy(failure);
    }
  }

  private boolean wrote() {
    return answers.stream()
        .map(answer -> answer.pass().done())
        .anyMatch(done -> done != null && done.added() + done.changed() + done.removed() > 0);
  }

  /** Whether all were carried out. */
  boolean agreed() {
    return answers.stream().allMatch(Reconciling.Answer::agreed);
  }

  List<Pass> all() {
    return answers.stream().map(Reconciling.Answer::pass).toList();
  }

  /** Tables that the target lacks, each once. */
  List<MissingTable> missing() {
    Map<TableName, MissingTable> missing = new LinkedHashMap<>();
    answers.forEach(
        answer -> answer.missing().forEach(table -> missing.putIfAbsent(table.table(), table)));
    return List.copyOf(missing.values());
  }

  List<String> remaining() {
    return remaining.stream().distinct().toList();
  }

  List<Checked> checks() {
    return checks;
  }

  /** The notes with what is only in the target. */
  List<String> notes(List<String> others) {
    List<String> notes = new ArrayList<>(others);
    notes.addAll(unclosed);
    if (!answers.isEmpty()) {
      TreeSet<String> only = new TreeSet<>(answers.get(0).onlyTarget());
      answers.forEach(answer -> only.retainAll(answer.onlyTarget()));
      if (!only.isEmpty()) {
        notes.add("only in the target, and not compared: " + String.join(", ", only));
      }
    }
    return notes;
  }
}
