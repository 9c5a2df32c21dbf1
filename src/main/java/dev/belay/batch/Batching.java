package dev.belay.batch;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.List;

/**
 * Runs statements in batches, one statement after the other, from where the ledger says that they
 * are. Each batch is a transaction that writes its own checkpoint, so that one that was killed goes
 * on exactly there.
 */
public final class Batching {
  private final Databases databases;
  private final Target target;
  private final BatchSettings settings;
  private final Progress progress;

  public Batching(Databases databases, Target target, BatchSettings settings, Progress progress) {
    this.databases = databases;
    this.target = target;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs what is not done yet.
   *
   * @param run its number in the ledger
   * @param statements the same as when it was begun
   * @return false: somebody ended it, after the batch that it was at
   * @throws Failure what broke; the ledger says how far it is
   */
  public boolean run(long run, List<BatchStatement> statements) {
    try (Database session = databases.open(target)) {
      settle(session);
      int pid = (int) session.number("select pg_catalog.pg_backend_pid()");
      Tempo tempo = new Tempo(settings.pace());
      try (Throttle throttle =
          Throttle.begin(databases, target, run, pid, settings.limits(), tempo.adapts())) {
        Gate gate = new Gate(throttle, tempo, progress);
        for (BatchProgress step : BatchRuns.progress(session, run)) {
          if (!step.finished()
              && !new Stepping(this, session, run, statements.get(step.step()), gate, tempo)
                  .run(step)) {
            return false;
          }
        }
        return true;
      }
    }
  }

  /**
   * A crash of the server may take the newest batches away, and always their checkpoints with them;
   * so nothing needs to wait for the disk, and clients that do are not kept from it. What follows
   * the batches waits, and so makes them all last.
   */
  private void settle(Database session) {
    session.execute(
        "select pg_catalog.set_config('search_path', ?, false),"
            + " pg_catalog.set_config('lock_timeout', ?, false),"
            + " pg_catalog.set_config('statement_timeout', ?, false),"
            + " pg_catalog.set_config('synchronous_commit', 'off', false)",
        settings.searchPath(),
        millis(settings.lockTimeout()),
        millis(settings.statementTimeout()));
  }

  private static String millis(Duration duration) {
    return Math.max(1, duration.toMillis()) + "ms";
  }

  Databases databases() {
    return databases;
  }

  Target target() {
    return target;
  }

  BatchSettings settings() {
    return settings;
  }

  Progress progress() {
    return progress;
  }
}
