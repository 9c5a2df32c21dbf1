package dev.belay.batch;

import dev.belay.cli.Progress;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.BlockerWatch;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One statement, batch after batch, and once more over all rows where it may be repeated. */
final class Stepping {
  /**
   * A lock that is not given for so many tries, with pauses of up to a second, is not to be had.
   */
  private static final int TRIES = 40;

  private final Batching batching;
  private final Database session;
  private final long run;
  private final BatchStatement statement;
  private final Gate gate;
  private final Tempo tempo;
  private final BatchTable table;
  private boolean proven;

  Stepping(
      Batching batching,
      Database session,
      long run,
      BatchStatement statement,
      Gate gate,
      Tempo tempo) {
    this.batching = batching;
    this.session = session;
    this.run = run;
    this.statement = statement;
    this.gate = gate;
    this.tempo = tempo;
    this.table = BatchTable.read(session, statement);
    this.proven = !statement.mark().repeatable();
  }

  /** What a batch did. */
  private record Done(BatchProgress now, long keys, long rows, boolean full, long nanos) {}

  /**
   * Runs it from there to its end.
   *
   * @return false: somebody ended it
   */
  boolean run(BatchProgress from) {
    BatchProgress at = from;
    long all = Math.max(at.rowsInAll(), table.rows());
    Duration pause = Duration.ZERO;
    try (Progress.Bar bar =
            batching
                .progress()
                .bar(table.name().plain() + " (" + statement.where() + ")", all, "rows");
        Vacuuming vacuuming =
            new Vacuuming(batching.databases(), batching.target(), batching.progress(), table)) {
      proven |= at.rowsDone() > 0;
      while (gate.open(pause)) {
        Optional<Done> done = batch(at);
        if (done.isEmpty()) {
          boolean last = !statement.mark().repeatable() || at.pass() > 1;
          batching
              .progress()
              .detail("pass %d of %s is done".formatted(at.pass(), statement.where()));
          session.inTransaction(
              () -> {
                BatchRunQueries.endPass(session, run, from.step(), last);
                return "";
              });
          if (last) {
            return true;
          }
          at = nextPass(at);
          continue;
        }
        at = done.get().now();
        if (at.pass() == 1) {
          bar.show(at.keysDone());
        }
        vacuuming.changed(done.get().rows());
        pause = pause(at, done.get());
      }
      return false;
    }
  }

  /** A later pass mostly finds nothing to do, and needs no long pause where it only read. */
  private Duration pause(BatchProgress at, Done done) {
    Duration pause = tempo.done(done.nanos(), done.full());
    Duration read = Duration.ofNanos(done.nanos());
    return at.pass() > 1 && done.rows() == 0 && read.compareTo(pause) < 0 ? read : pause;
  }

  private static BatchProgress nextPass(BatchProgress at) {
    return new BatchProgress(
        at.step(),
        at.script(),
        at.line(),
        at.table(),
        at.rowsInAll(),
        at.pass() + 1,
        Optional.empty(),
        at.keysDone(),
        at.rowsDone(),
        at.batchesDone(),
        false);
  }

  /** Empty: there is no row left in this pass. */
  private Optional<Done> batch(BatchProgress at) {
    try {
      return once(at);
    } catch (Failure broken) {
      Failure last = broken;
      if (!isWorthAnother(last)) {
        throw told(at, last);
      }
      try (BlockerWatch watch =
          BlockerWatch.of(batching.databases(), session, batching.settings().lockTimeout())) {
        for (int attempt = 2; attempt <= TRIES; attempt++) {
          if (!gate.open(Duration.ofMillis(Math.min(1000, 50L << Math.min(attempt, 5))))) {
            throw told(at, last);
          }
          try {
            return once(at);
          } catch (Failure again) {
            last = again;
            if (!isWorthAnother(again)) {
              throw told(at, again);
            }
            if (attempt == 5) {
              batching
                  .progress()
                  .warn(
                      "%s: a batch is tried again and again (%s); in the way: %s"
                          .formatted(statement.where(), again.message(), watch.takeWords()));
            }
          }
        }
        throw told(
            at, last, "; tried %d times; in the way: %s".formatted(TRIES, watch.takeWords()));
      }
    }
  }

  private boolean isWorthAnother(Failure broken) {
    if (SqlState.lostConnection(broken)) {
      return false;
    }
    if (SqlState.QUERY_CANCELED.isOf(broken) && tempo.rows() > 1) {
      tempo.tooLong();
      return true;
    }
    return SqlState.LOCK_NOT_AVAILABLE.isOf(broken)
        || SqlState.DEADLOCK_DETECTED.isOf(broken)
        || SqlState.SERIALIZATION_FAILURE.isOf(broken);
  }

  private Failure told(BatchProgress at, Failure broken) {
    return told(at, broken, "");
  }

  private Failure told(BatchProgress at, Failure broken, String more) {
    Failure failure =
        Failure.failed(
            "%s: batch %s: %s%s"
                .formatted(
                    statement.where(), Units.count(at.batchesDone() + 1), broken.message(), more),
            broken.hint());
    return failure.causedBy(broken);
  }

  private Optional<Done> once(BatchProgress at) {
    long begin = System.nanoTime();
    Optional<Done> done =
        session.inTransaction(
            () -> {
              Optional<Done> inside = inside(at, tempo.rows());
              FailPoint.reached("batch-before-commit");
              return inside;
            });
    FailPoint.reached("batch-committed");
    return done.map(
        each ->
            new Done(each.now(), each.keys(), each.rows(), each.full(), System.nanoTime() - begin));
  }

  private Optional<Done> inside(BatchProgress at, int size) {
    Optional<KeysetQueries.Bound> bound = KeysetQueries.next(session, table, at.lastKey(), size);
    if (bound.isEmpty()) {
      return Optional.empty();
    }
    List<String> key = bound.get().key();
    List<Object> parameters = new ArrayList<>(at.lastKey().orElse(List.of()));
    parameters.addAll(key);
    String sql = statement.sql(table.types(), at.lastKey().isPresent());
    long rows = session.execute(sql, parameters.toArray());
    if (!proven && rows > 0) {
      prove(sql, parameters, rows);
    }
    long keys = bound.get().rows();
    if (!BatchRunQueries.checkpoint(session, run, at, key, keys, rows)) {
      throw Failure.failed(
          "somebody else went on with the same run",
          "see what works on it with: belay batch status");
    }
    BatchProgress now =
        new BatchProgress(
            at.step(),
            at.script(),
            at.line(),
            at.table(),
            at.rowsInAll(),
            at.pass(),
            Optional.of(key),
            at.keysDone() + (at.pass() == 1 ? keys : 0),
            at.rowsDone() + rows,
            at.batchesDone() + (at.pass() == 1 ? 1 : 0),
            false);
    return Optional.of(new Done(now, keys, rows, keys == size, 0));
  }

  /** It was said that it leaves rows alone that are done; the first batch shows whether it does. */
  private void prove(String sql, List<Object> parameters, long rows) {
    long again = session.execute(sql, parameters.toArray());
    if (again > 0) {
      throw Failure.refused(
          "%s: run twice on the same %s it changes %s again, so it may not go over all rows once more"
              .formatted(
                  statement.where(),
                  Units.count(rows, "row", "rows"),
                  Units.count(again, "row", "rows")),
          "add a condition that is false for rows that are done, or take repeatable=yes out of its line");
    }
    proven = true;
  }
}
