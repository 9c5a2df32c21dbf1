package dev.belay.emergency;

import dev.belay.core.Cleanup;
import dev.belay.journal.Journal;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.swap.GuardedRun;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a fix works with.
 *
 * @param session with the target, not in a transaction
 */
record FixGround(GuardedRun run, Database session, Journal journal, SchemaLook schema) {
  private static final int TRIES = 6;

  /** One transaction, whose locks are waited for only briefly, again and again. */
  <T> T transaction(String what, Supplier<T> work) {
    return stoppable(() -> ladder().transaction(session, what, work));
  }

  /** A statement that no transaction takes, the same way. */
  void statement(String what, String sql) {
    statement(what, sql, () -> {});
  }

  /**
   * The same for one that leaves something when it is broken off.
   *
   * @param swept takes away what an earlier try left, so that there is never more than one of it;
   *     where that is not given a lock, it is a try, too
   */
  void statement(String what, String sql, Runnable swept) {
    stoppable(
        () ->
            ladder()
                .statement(
                    session,
                    what,
                    () -> {
                      swept.run();
                      return session.execute(sql);
                    }));
  }

  /** Ctrl-C ends the statement on the server too. */
  private <T> T stoppable(Supplier<T> work) {
    Cleanup.Pending stop = Cleanup.register(session::cancel);
    try {
      return work.get();
    } finally {
      stop.cancel();
    }
  }

  private LockLadder ladder() {
    return new LockLadder(
        run.databases(),
        run.settings().lockTimeout(),
        TRIES,
        (attempt, inTheWay) ->
            run.progress()
                .warn(
                    "a lock was not given, try %d of %d: %s"
                        .formatted(
                            attempt,
                            TRIES,
                            inTheWay.stream()
                                .map(Blocker::wordsWithQuery)
                                .collect(Collectors.joining("; ")))));
  }
}
