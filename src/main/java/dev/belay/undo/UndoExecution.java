package dev.belay.undo;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.flyway.ScriptSession;
import dev.belay.flyway.ScriptStatement;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.List;

/**
 * Runs undo scripts in the transaction that is open, statement by statement, and makes sure that it
 * still is the same transaction after each, and that Flyway's table is left alone.
 */
public final class UndoExecution {
  private final Database session;
  private final AppSettings app;
  private final String role;
  private final String lockTimeout;
  private final long transaction;
  private final MigrationHistory history;
  private int statements;

  private UndoExecution(Database session, AppSettings app) {
    this.session = session;
    this.app = app;
    this.role = ExecutionQueries.role(session);
    this.lockTimeout = ExecutionQueries.lockTimeout(session);
    this.transaction = ExecutionQueries.transaction(session);
    this.history = HistoryQueries.read(session, app);
  }

  /**
   * What one script did.
   *
   * @param statements how many were run
   * @param rows changed by them
   */
  public record Done(int statements, long rows, Duration took) {}

  /** Is told of each statement. */
  public interface Watch {
    /** Tells nobody. */
    Watch NONE =
        new Watch() {
          @Override
          public void begins(ScriptStatement statement) {}

          @Override
          public void ended(ScriptStatement statement) {}
        };

    /** It begins. */
    void begins(ScriptStatement statement);

    /** It ended without an error, in the transaction, which is still open. */
    void ended(ScriptStatement statement);
  }

  /** Begins, in the transaction that is open. */
  public static UndoExecution begin(Database session, AppSettings app) {
    return new UndoExecution(session, app);
  }

  /** The number of the transaction, by which the server can be asked what became of it. */
  public long transaction() {
    return transaction;
  }

  /**
   * Runs the whole script of a step; one without a script is only recorded.
   *
   * @throws Failure as {@link #run(UndoStep, List)}
   */
  public Done run(UndoStep step) {
    return run(step, step.parsed().map(parsed -> parsed.statements()).orElse(List.of()));
  }

  /**
   * Runs statements of a step's script.
   *
   * @param chosen some of its statements, in their order
   * @throws Failure FAILED when one fails, with file, line and the server's words; REFUSED when the
   *     script changed Flyway's table; INCOMPLETE when it committed by itself, so that what came
   *     before stays. A lock that was not given comes out with the server's error as its cause.
   */
  public Done run(UndoStep step, List<ScriptStatement> chosen) {
    return run(step, chosen, Watch.NONE);
  }

  /**
   * The same, watched.
   *
   * @throws Failure as {@link #run(UndoStep, List)}
   */
  public Done run(UndoStep step, List<ScriptStatement> chosen, Watch watch) {
    long begun = System.nanoTime();
    String name = step.script().map(UndoScript::name).orElse(step.migration().name());
    ScriptSession.begin(session, app);
    long rows = 0;
    int done = 0;
    for (ScriptStatement statement : chosen) {
      watch.begins(statement);
      rows += run(name, statement);
      watch.ended(statement);
      done++;
      statements++;
      refuseOtherTransaction(name, statement);
      ExecutionQueries.limit(session, lockTimeout);
    }
    ExecutionQueries.beAgain(session, role);
    ScriptSession.end(session);
    refuseChangedHistory(name);
    return new Done(done, rows, Duration.ofNanos(System.nanoTime() - begun));
  }

  private long run(String name, ScriptStatement statement) {
    try {
      return statement.run(session);
    } catch (Failure broken) {
      throw told(name, statement, broken);
    }
  }

  /** A failure of a statement, with where it stands. */
  public static Failure told(String name, ScriptStatement statement, Failure broken) {
    String where = "%s, line %d".formatted(name, statement.line());
    boolean passes =
        SqlState.LOCK_NOT_AVAILABLE.isOf(broken)
            || SqlState.DEADLOCK_DETECTED.isOf(broken)
            || SqlState.lostConnection(broken)
            || SqlState.DISK_FULL.isOf(broken);
    return passes
        ? broken.about(where)
        : Failure.failed(
                where + ": " + broken.message(),
                "mend the undo script, then run the same command again")
            .causedBy(broken);
  }

  private void refuseOtherTransaction(String name, ScriptStatement statement) {
    if (ExecutionQueries.isOpen(session, transaction)) {
      return;
    }
    String where = "%s, line %d".formatted(name, statement.line());
    String became = ExecutionQueries.became(session, transaction);
    if (became.equals("aborted")) {
      throw Failure.failed(
          where + " rolled back the transaction in which everything is undone",
          "take ROLLBACK out of the undo script, then run the same command again");
    }
    throw Failure.incomplete(
        "%s ended the transaction in which everything is undone, which is now %s"
            .formatted(where, became),
        "%s up to there %s in the database, and nothing is recorded in Flyway's table"
            .formatted(
                Units.count(statements, "statement", "statements"), statements == 1 ? "is" : "are"),
        "see what is there with: belay validate-schema " + app.name());
  }

  private void refuseChangedHistory(String name) {
    if (!HistoryQueries.read(session, app).equals(history)) {
      throw Failure.refused(
          "%s changes Flyway's table %s.%s, which no undo script may"
              .formatted(name, history.schema(), history.table()),
          "take that out of the undo script: belay records by itself what was undone");
    }
  }
}
