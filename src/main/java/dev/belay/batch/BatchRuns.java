package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
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

  /** It is in another phase. */
  public static void phase(Database session, long id, String phase) {
    BatchRunQueries.phase(session, id, phase);
  }

  /**
   * It is in another state.
   *
   * @param reason empty: none
   */
  public static void state(Database session, long id, BatchState state, Optional<String> reason) {
    BatchRunQueries.state(session, id, state, reason);
  }

  /** One that may be repeated, and is finished, is to go over all rows once more. */
  public static void again(Database session, long id, int step) {
    BatchRunQueries.again(session, id, step);
  }
}
