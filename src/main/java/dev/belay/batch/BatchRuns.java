package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** The runs of batches in the ledger of a database. */
public final class BatchRuns {
  private BatchRuns() {}

  /** The one of a history table that is not over. The ledger must be there. */
  public static Optional<BatchRun> open(Database session, TableName history) {
    return BatchRunQueries.open(session, history);
  }

  /** The newest first. The ledger must be there. */
  public static List<BatchRun> all(Database session) {
    return BatchRunQueries.all(session);
  }

  /**
   * One of them.
   *
   * @throws Failure USAGE when there is none of that number
   */
  public static BatchRun one(Database session, long id) {
    return BatchRunQueries.one(session, id)
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no run %d of batches".formatted(id),
                    "see them with: belay batch status"));
  }

  /** How far its statements are, in their order. */
  public static List<BatchProgress> progress(Database session, long id) {
    return BatchRunQueries.progress(session, id);
  }

  /**
   * Writes a new one, in phase {@code data}; to be called within the transaction that prepares it.
   *
   * @param history the history table of its app
   * @param plan what it does, statement by statement; the same words when it goes on
   * @return its number
   * @throws Failure REFUSED when a statement cannot be run in batches on the tables as they are
   */
  public static long begin(
      Database session,
      TableName history,
      String app,
      String migration,
      String sha256,
      List<String> plan,
      RunId run,
      List<BatchStatement> statements) {
    long id = BatchRunQueries.begin(session, history, app, migration, sha256, plan, run);
    for (int step = 0; step < statements.size(); step++) {
      BatchStatement statement = statements.get(step);
      BatchRunQueries.step(session, id, step, statement, BatchTable.read(session, statement));
    }
    return id;
  }

  /** This program works on it now; what somebody paused stays paused. */
  public static void take(Database session, long id, RunId run) {
    BatchRunQueries.take(session, id, run);
  }

  /** Keeps what whoever goes on with it needs. */
  public static void keep(Database session, long id, BatchKept kept) {
    BatchRunQueries.keep(session, id, kept);
  }

  /**
   * It is in another phase.
   *
   * @throws Failure REFUSED when it is not in the phase that it was thought to be in
   */
  public static void phase(Database session, long id, String from, String to) {
    if (!BatchRunQueries.phase(session, id, from, to)) {
      throw Failure.refused(
          "run %d is not in phase %s any more: somebody else was at it".formatted(id, from),
          "see what became of it: belay batch status");
    }
  }

  /** What it is doing; nobody can change that until the transaction ends. */
  public static BatchState hold(Database session, long id) {
    return BatchRunQueries.hold(session, id);
  }

  /**
   * It is in another state, if it still is in the phase and the state in which it was seen.
   *
   * @param reason empty: none
   * @return false: somebody else changed it meanwhile
   */
  public static boolean change(
      Database session, BatchRun from, BatchState to, Optional<String> reason) {
    return BatchRunQueries.change(session, from, to, reason);
  }

  /** It ended on the way; one whose schema was switched, or that is over, stays as it is. */
  public static void broken(Database session, long id, BatchState state, String reason) {
    BatchRunQueries.broken(session, id, state, reason);
  }

  /** All is done. */
  public static void finish(Database session, long id) {
    BatchRunQueries.finish(session, id);
  }

  /** Statements of it that did something already, and would do it twice if they were run anew. */
  public static List<BatchProgress> doneOnce(Database session, long id) {
    return BatchRunQueries.doneOnce(session, id);
  }

  /**
   * Lets nothing else take back what a run of batches is at.
   *
   * @throws Failure REFUSED when one of that history table is not over
   */
  public static void refuseOpen(Database session, TableName history) {
    if (!Ledger.readable(session, "batch_run")) {
      return;
    }
    open(session, history)
        .ifPresent(
            begun -> {
              throw refused(session, begun);
            });
  }

  private static Failure refused(Database session, BatchRun begun) {
    long batches =
        progress(session, begun.id()).stream().mapToLong(BatchProgress::batchesDone).sum();
    return Failure.refused(
        "run %d of gradual-rollback, which takes %s of %s back, is not over: it is %s in phase %s, and %s done"
            .formatted(
                begun.id(),
                begun.migration(),
                begun.app(),
                begun.state().word(),
                begun.phase(),
                batches == 1 ? "1 batch is" : Units.count(batches) + " batches are"),
        "go on with it: %s%s"
            .formatted(
                begun.again(),
                begun.phase().equals("verify")
                    ? ""
                    : "; or give it up with: belay batch abort --discard " + begun.id()));
  }

  /** One that may be repeated, and is finished, is to go over all rows once more. */
  public static void again(Database session, long id, int step) {
    BatchRunQueries.again(session, id, step);
  }
}
