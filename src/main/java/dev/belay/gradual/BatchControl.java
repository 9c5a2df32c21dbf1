package dev.belay.gradual;

import dev.belay.batch.BatchProgress;
import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.batch.BatchState;
import dev.belay.batch.SyncColumns;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Steers runs of batches through the ledger; whoever works on one sees it within a second. */
final class BatchControl {
  private static final int NEWEST = 5;
  private static final int TRIES = 10;

  private final GuardedRun run;
  private final String user;

  /**
   * @param user who steers, as the system knows them
   */
  BatchControl(GuardedRun run, String user) {
    this.run = run;
    this.user = user;
  }

  /** How far they are: the one of that number, or the newest. */
  BatchStatusReport status(Optional<Long> number) {
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      if (!Ledger.present(session)) {
        return new BatchStatusReport(run.target().toString(), null, List.of());
      }
      List<BatchRun> runs =
          number.isPresent()
              ? List.of(BatchRuns.one(session, number.get()))
              : BatchRuns.all(session).stream().limit(NEWEST).toList();
      return report(session, null, runs);
    }
  }

  /** Makes one wait. */
  BatchStatusReport pause(Optional<Long> number, String reason) {
    return steer(
        number,
        (session, chosen) -> {
          if (chosen.state() == BatchState.RUNNING && !chosen.phase().equals("verify")) {
            change(
                session,
                chosen,
                BatchState.PAUSED,
                Optional.of(user + (reason.isEmpty() ? "" : ": " + reason)));
            return pausing(chosen);
          }
          if (chosen.state() == BatchState.PAUSED) {
            return "run %d waits already".formatted(chosen.id());
          }
          throw cannot(chosen, "paused");
        });
  }

  /** Lets one go on. */
  BatchStatusReport resume(Optional<Long> number) {
    return steer(
        number,
        (session, chosen) -> {
          if (chosen.state() == BatchState.PAUSED) {
            change(session, chosen, BatchState.RUNNING, Optional.empty());
            return chosen.alive()
                ? "run %d goes on".formatted(chosen.id())
                : "run %d is not paused any more, and nobody works on it; go on with: %s"
                    .formatted(chosen.id(), chosen.again());
          }
          if (chosen.state() == BatchState.RUNNING && chosen.alive()) {
            return "run %d is at it".formatted(chosen.id());
          }
          throw cannot(chosen, "let go on");
        });
  }

  /** Ends one after the batch that it is at; what is done stays, and it can go on later. */
  BatchStatusReport abort(Optional<Long> number) {
    return steer(
        number,
        (session, chosen) -> {
          boolean works =
              chosen.state() == BatchState.RUNNING
                  || chosen.state() == BatchState.PAUSED
                  || chosen.state() == BatchState.ABORTING;
          if (!works || chosen.phase().equals("verify")) {
            throw cannot(chosen, "ended");
          }
          change(
              session,
              chosen,
              chosen.alive() ? BatchState.ABORTING : BatchState.ABORTED,
              Optional.of("by " + user));
          return "run %d %s: %s; go on later with: %s; or give it up with: belay batch abort --discard %d"
              .formatted(
                  chosen.id(), ending(chosen), done(session, chosen), chosen.again(), chosen.id());
        });
  }

  /**
   * Gives one up on which nobody works: the triggers that kept columns equal are taken away, and
   * its checkpoint counts no more. What batches did stays.
   *
   * @param done give it up though batches were done that a new run would do once more
   */
  BatchStatusReport discard(Optional<Long> number, boolean done) {
    try (Database session = run.databases().open(run.target())) {
      BatchRun chosen = BatchChoice.of(session, number);
      if (chosen.state().isOver() || chosen.phase().equals("verify")) {
        throw cannot(chosen, "given up");
      }
      if (chosen.alive()) {
        throw Failure.refused(
            "run %d is being worked on".formatted(chosen.id()),
            "end it first: belay batch abort %d".formatted(chosen.id()));
      }
      List<BatchProgress> once = BatchRuns.doneOnce(session, chosen.id());
      if (!once.isEmpty() && !done) {
        throw Failure.refused(
            "run %d cannot simply be given up: whatever undoes %s next would do once more, on the same rows, what is not repeatable=yes: %s"
                .formatted(chosen.id(), chosen.migration(), statements(once)),
            "go on with it: %s; or, when you have seen to these rows: belay batch abort --discard --discard-done %d"
                .formatted(chosen.again(), chosen.id()));
      }
      try (OperationLock lock = run.lock()) {
        lock.check();
        if (BatchRuns.one(session, chosen.id()).state().isOver()) {
          throw cannot(BatchRuns.one(session, chosen.id()), "given up");
        }
        int removed =
            new LockLadder(
                    run.databases(),
                    run.settings().lockTimeout(),
                    TRIES,
                    (attempt, inTheWay) ->
                        run.progress().warn("a lock was not given, try " + attempt))
                .transaction(
                    session,
                    "giving run %d up".formatted(chosen.id()),
                    () -> {
                      change(session, chosen, BatchState.DISCARDED, Optional.of("by " + user));
                      return SyncColumns.remove(session, chosen.id());
                    });
        String message =
            "run %d was given up: %s%s%s; what was done stays, and what was added for it too"
                .formatted(
                    chosen.id(),
                    done(session, chosen),
                    removed == 0
                        ? ""
                        : ", and "
                            + Units.count(removed, "trigger was", "triggers were")
                            + " taken away",
                    once.isEmpty()
                        ? ""
                        : "; not to be done once more on the same rows: " + statements(once));
        return report(session, message, List.of(BatchRuns.one(session, chosen.id())));
      }
    }
  }

  @FunctionalInterface
  private interface Steering {
    String steer(Database session, BatchRun chosen);
  }

  private BatchStatusReport steer(Optional<Long> number, Steering steering) {
    try (Database session = run.databases().open(run.target())) {
      return session.inTransaction(
          () -> {
            long id = BatchChoice.of(session, number).id();
            BatchRuns.hold(session, id);
            BatchRun chosen = BatchRuns.one(session, id);
            String message = steering.steer(session, chosen);
            return report(session, message, List.of(BatchRuns.one(session, chosen.id())));
          });
    }
  }

  private BatchStatusReport report(
      Database session, @Nullable String message, List<BatchRun> runs) {
    return new BatchStatusReport(
        run.target().toString(),
        message,
        runs.stream()
            .map(each -> BatchStatusReport.Line.of(each, BatchRuns.progress(session, each.id())))
            .toList());
  }

  private static String done(Database session, BatchRun chosen) {
    List<BatchProgress> progress = BatchRuns.progress(session, chosen.id());
    return "%s, %s are done, the schema is as before"
        .formatted(
            Units.count(
                progress.stream().mapToLong(BatchProgress::batchesDone).sum(), "batch", "batches"),
            Units.count(progress.stream().mapToLong(BatchProgress::rowsDone).sum(), "row", "rows"));
  }

  private static String statements(List<BatchProgress> once) {
    return once.stream()
        .map(
            each ->
                "%s, line %d was done for %s of %s, up to %s, and changed %s"
                    .formatted(
                        each.script(),
                        each.line(),
                        Units.count(each.keysDone(), "row", "rows"),
                        each.table(),
                        each.finished()
                            ? "the end"
                            : "the key " + String.join(", ", each.lastKey().orElse(List.of())),
                        Units.count(each.rowsDone())))
        .collect(Collectors.joining("; "));
  }

  private static String pausing(BatchRun chosen) {
    String where =
        chosen.phase().equals("data")
            ? "after the batch that it is at, or before the switch of the schema after the last one"
            : "before the switch of the schema";
    return chosen.alive()
        ? "run %d waits %s; let it go on with: belay batch resume %d"
            .formatted(chosen.id(), where, chosen.id())
        : "run %d is paused, and nobody works on it; whoever goes on with it waits until: belay batch resume %d"
            .formatted(chosen.id(), chosen.id());
  }

  private static String ending(BatchRun chosen) {
    if (!chosen.alive()) {
      return "is ended";
    }
    return chosen.phase().equals("data")
        ? "ends after the batch that it is at"
        : "ends before the switch of the schema";
  }

  private static void change(
      Database session, BatchRun chosen, BatchState state, Optional<String> reason) {
    if (!BatchRuns.change(session, chosen, state, reason)) {
      throw Failure.refused(
          "run %d is in another phase by now".formatted(chosen.id()),
          "see which: belay batch status");
    }
  }

  private static Failure cannot(BatchRun chosen, String what) {
    return Failure.refused(
        "run %d cannot be %s: it is %s%s in phase %s"
            .formatted(
                chosen.id(),
                what,
                chosen.state().word(),
                chosen.alive() ? "" : " and nobody works on it",
                chosen.phase()),
        chosen.state().isOver()
            ? "see what there is: belay batch status"
            : "go on with: " + chosen.again());
  }
}
