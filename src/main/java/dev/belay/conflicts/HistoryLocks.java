package dev.belay.conflicts;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.HistoryLock;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One transaction in which nobody else can write into these history tables and no Flyway can begin
 * to migrate. Waits for locks in short tries only.
 */
final class HistoryLocks {
  private static final int TRIES = 6;

  private final GuardedRun run;
  private final Database session;
  private final List<AppSettings> apps;

  HistoryLocks(GuardedRun run, Database session, List<AppSettings> apps) {
    this.run = run;
    this.session = session;
    this.apps = List.copyOf(apps);
  }

  /** The history table of an app. */
  static TableName table(AppSettings app) {
    return HistoryLock.table(app);
  }

  /**
   * Does the work in the transaction; it is done again from its begin when a lock was not given in
   * time.
   *
   * @throws Failure REFUSED when a migration is running; UNAVAILABLE when a lock is not to be had
   */
  <T> T within(Supplier<T> work) {
    return new LockLadder(run.databases(), run.settings().lockTimeout(), TRIES, this::blocked)
        .transaction(
            session,
            "the history of " + run.target(),
            () -> {
              HistoryLock.take(session, apps);
              return work.get();
            });
  }

  private void blocked(int attempt, List<Blocker> inTheWay) {
    run.progress()
        .detail(
            "a lock was not given, try %d: %s"
                .formatted(
                    attempt,
                    inTheWay.stream()
                        .map(Blocker::wordsWithQuery)
                        .collect(Collectors.joining("; "))));
  }
}
