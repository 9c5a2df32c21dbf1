package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.postgres.BlockerWatch;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import dev.belay.postgres.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A merge in several transactions, for tables that others write meanwhile: a row is changed or
 * removed only if it is still as it was when the plan was made. What is done is taken off the
 * stages with it, so that after a crash nothing is done twice: the next comparison finds the rest.
 */
final class Batches {
  private static final int TRIES = 4;
  private static final long PAUSE_MILLIS = 50;
  private static final Set<String> TAKEN =
      Set.of(SqlState.UNIQUE_VIOLATION.code(), SqlState.EXCLUSION_VIOLATION.code());

  private final Databases databases;
  private final Database session;
  private final Planned planned;
  private final MergeOptions options;
  private final Progress progress;
  private final long rowsPerBatch;
  private Written written = Written.NOTHING;

  Batches(
      Databases databases,
      Database session,
      Planned planned,
      MergeOptions options,
      Progress progress) {
    this.databases = databases;
    this.session = session;
    this.planned = planned;
    this.options = options;
    this.progress = progress;
    this.rowsPerBatch = Math.max(1, options.batchRows().orElse(1));
  }

  /**
   * Does it.
   *
   * @throws Failure INCOMPLETE when it breaks after a batch was committed; else FAILED
   */
  MergeOutcome run() {
    long total = planned.plan().sum(TableMerge::touched);
    List<String> sequences = List.of();
    try (BlockerWatch blockers = BlockerWatch.of(databases, session, options.lockTimeout());
        Progress.Bar bar = progress.bar("merge", total, "rows")) {
      // Before any row, so that nobody is given a value that a later batch brings.
      sequences = session.inTransaction(() -> SequenceAdvance.now(session, planned.tables()));
      Attempts attempts =
          new Attempts(session, blockers::takeWords, options.lockTimeout(), progress);
      all(attempts, bar);
    } catch (Failure broken) {
      if (written.rows() == 0 || broken.exitCode() == ExitCode.INCOMPLETE) {
        throw broken;
      }
      throw Failure.incomplete(
              broken.message(),
              "%d of %d rows are merged, and the others as before".formatted(written.rows(), total),
              "run the same command again: it goes on with the rest")
          .causedBy(broken);
    }
    long skipped = total - written.rows();
    if (skipped > 0) {
      progress.warn(
          "%d rows stay as they are: somebody changed them meanwhile, or another row has a value of theirs that must be unique"
              .formatted(skipped));
    }
    return new MergeOutcome(
        planned.plan(),
        written.added(),
        written.changed(),
        written.removed(),
        skipped,
        sequences,
        1,
        true);
  }

  /** What is removed or changed may make place for what did not fit before. */
  private void all(Attempts attempts, Progress.Bar bar) {
    List<WriteUnit> units = WriteUnit.apart(planned.tables(), planned.keys());
    List<WriteUnit> childrenFirst = new ArrayList<>(units);
    Collections.reverse(childrenFirst);
    for (int pass = 1; pass <= 2; pass++) {
      for (WriteUnit unit : units) {
        if (unit.circle()) {
          if (pass == 1) {
            circle(unit, attempts, bar);
          }
        } else {
          unit.tables().forEach(table -> ranges(table, Decision.ADD, attempts, bar));
        }
      }
      for (WriteUnit unit : units) {
        if (!unit.circle()) {
          unit.tables().forEach(table -> ranges(table, Decision.CHANGE, attempts, bar));
        }
      }
      for (WriteUnit unit : childrenFirst) {
        if (!unit.circle()) {
          unit.tables().forEach(table -> ranges(table, Decision.REMOVE, attempts, bar));
        } else if (pass == 1) {
          circleRemoval(unit, attempts, bar);
        }
      }
      if (written.rows() == planned.plan().sum(TableMerge::touched)) {
        return;
      }
    }
  }

  private void ranges(MergeTable table, Decision decision, Attempts attempts, Progress.Bar bar) {
    long last = table.highest(decision);
    for (long after = 0; after < last; after += rowsPerBatch) {
      BatchQueries.Range range =
          new BatchQueries.Range(after, Math.min(last, after + rowsPerBatch));
      List<Long> left = BatchQueries.left(session, table, decision, range);
      if (!left.isEmpty()) {
        add(
            batch(
                "writing " + table.name().plain(),
                attempts,
                () -> of(decision, range(table, decision, range, left, attempts))),
            bar);
      }
    }
  }

  /** Where one row of a batch does not fit, the others are done by themselves. */
  private long range(
      MergeTable table,
      Decision decision,
      BatchQueries.Range range,
      List<Long> left,
      Attempts attempts) {
    String what = "writing " + table.name().plain();
    try {
      return attempts.step(
          what, () -> BatchQueries.write(session, table, decision, range, planned.keys()));
    } catch (Failure broken) {
      if (!taken(broken)) {
        throw broken;
      }
    }
    long done = 0;
    for (long number : left) {
      BatchQueries.Range one = new BatchQueries.Range(number - 1, number);
      try {
        done +=
            attempts.step(
                what, () -> BatchQueries.write(session, table, decision, one, planned.keys()));
      } catch (Failure broken) {
        if (!taken(broken)) {
          throw broken;
        }
        progress.detail("a row of " + table.name().plain() + " is left out: " + broken.message());
      }
    }
    return done;
  }

  private static boolean taken(Failure broken) {
    return Violation.in(broken).map(found -> TAKEN.contains(found.state())).orElse(false);
  }

  private static Written of(Decision decision, long rows) {
    return switch (decision) {
      case ADD -> new Written(0, 0, rows);
      case CHANGE -> new Written(0, rows, 0);
      default -> new Written(rows, 0, 0);
    };
  }

  private void circle(WriteUnit unit, Attempts attempts, Progress.Bar bar) {
    if (unit.tables().stream()
        .anyMatch(table -> table.rows(Decision.ADD) + table.rows(Decision.CHANGE) > 0)) {
      String what = "writing " + unit.names();
      add(
          batch(
              what,
              attempts,
              () -> sum(attempts.step(what, () -> BatchQueries.circle(session, unit.tables())))),
          bar);
    }
  }

  private void circleRemoval(WriteUnit unit, Attempts attempts, Progress.Bar bar) {
    if (unit.tables().stream().anyMatch(table -> table.rows(Decision.REMOVE) > 0)) {
      String what = "writing " + unit.names();
      add(
          batch(
              what,
              attempts,
              () ->
                  sum(
                      attempts.step(
                          what,
                          () ->
                              BatchQueries.circleRemoval(session, unit.tables(), planned.keys())))),
          bar);
    }
  }

  private static Written sum(List<Written> each) {
    return each.stream().reduce(Written.NOTHING, Written::plus);
  }

  private void add(Written more, Progress.Bar bar) {
    written = written.plus(more);
    bar.show(written.rows());
  }

  /** One transaction, again where others were in the way. */
  private Written batch(String what, Attempts attempts, Supplier<Written> work) {
    for (int attempt = 1; ; attempt++) {
      FailPoint.reached("merge-batch-begin");
      try {
        Written done =
            session.inTransaction(
                () -> {
                  BatchQueries.readCommitted(session);
                  planned.triggers().off(session, attempts);
                  Written rows = work.get();
                  attempts.step(
                      "checking deferred constraints",
                      () -> session.execute("set constraints all immediate"));
                  planned.triggers().on(session);
                  FailPoint.reached("merge-batch-written");
                  return rows;
                });
        FailPoint.reached("merge-batch-committed");
        return done;
      } catch (Failure broken) {
        boolean passing =
            SqlState.SERIALIZATION_FAILURE.isOf(broken) || SqlState.DEADLOCK_DETECTED.isOf(broken);
        if (!passing || attempt == TRIES || broken.exitCode() == ExitCode.INCOMPLETE) {
          throw broken;
        }
        progress.warn(what + " is tried again: " + broken.message());
        Attempts.pause(PAUSE_MILLIS << attempt);
      }
    }
  }
}
