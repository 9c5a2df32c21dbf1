package dev.belay.gradual;

import dev.belay.batch.BatchStatement;
import dev.belay.batch.SyncMark;
import dev.belay.core.TableName;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.scratch.LockMode;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * The locks of a short transaction, all at its begin. Of two sessions that wait for each other the
 * server ends the one that has waited for its {@code deadlock_timeout} first; this one gives up
 * long before that, so that it is never a client.
 */
final class GradualLocks {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

  private static final int TRIES = 30;

  private GradualLocks() {}

  /** How long such a transaction may wait for a lock. */
  static Duration longestWait(Database session, Duration configured) {
    long quarter =
        session.number(
                "select setting::bigint from pg_catalog.pg_settings where name = 'deadlock_timeout'")
            / 4;
    long millis = Math.min(quarter, Math.min(configured.toMillis(), LONGEST_WAIT.toMillis()));
    return Duration.ofMillis(Math.max(1, millis));
  }

  /**
   * Locks every table of the plan, in the transaction that is open. All of them together wait no
   * longer than one may.
   *
   * @param attempt from 0. The second goes the other way round and later ones by chance: clients
   *     that take the tables in another order would be in the way of every try
   */
  static void take(Database session, GradualPlan plan, Duration longest, int attempt) {
    long until = System.nanoTime() + longest.toNanos();
    Map<TableName, LockMode> modes = modes(plan);
    List<TableName> order = new ArrayList<>(modes.keySet());
    if (attempt > 1) {
      Collections.shuffle(order, ThreadLocalRandom.current());
    } else if (attempt == 1) {
      Collections.reverse(order);
    }
    for (TableName table : order) {
      if (isTable(session, table)) {
        wait(session, (until - System.nanoTime()) / 1_000_000);
        session.execute(
            "lock table %s in %s mode"
                .formatted(table, Objects.requireNonNull(modes.get(table)).word()));
      }
    }
    wait(session, longest.toMillis());
  }

  private static Map<TableName, LockMode> modes(GradualPlan plan) {
    Map<TableName, LockMode> modes = new TreeMap<>();
    for (UndoLock lock : plan.undo().locks()) {
      modes.merge(lock.table(), lock.mode(), GradualLocks::stronger);
    }
    for (BatchStatement statement : plan.late()) {
      modes.merge(statement.mark().table(), LockMode.SHARE_ROW_EXCLUSIVE, GradualLocks::stronger);
    }
    for (SyncMark sync : plan.syncs()) {
      modes.put(sync.table(), LockMode.ACCESS_EXCLUSIVE);
    }
    return modes;
  }

  private static LockMode stronger(LockMode one, LockMode other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Also whether this role may lock it; what it only refers to, it need not be able to. */
  private static boolean isTable(Database session, TableName table) {
    return session.test(
        "select exists (select from pg_catalog.pg_class where oid = pg_catalog.to_regclass(?) and relkind in ('r', 'p')"
            + " and pg_catalog.has_table_privilege(oid, 'update, delete, truncate'))",
        table.toString());
  }

  private static void wait(Database session, long millis) {
    session.execute(
        "select pg_catalog.set_config('lock_timeout', ?, true)", Math.max(1, millis) + "ms");
  }

  /**
   * Tries again and again, and says each time who is in the way.
   *
   * @param longest how long one try waits for a lock
   */
  static LockLadder ladder(GuardedRun run, Duration longest) {
    return new LockLadder(
        run.databases(),
        longest,
        TRIES,
        (attempt, inTheWay) ->
            run.progress()
                .warn(
                    "a lock was not given, try %d of %d; in the way: %s"
                        .formatted(attempt, TRIES, blockers(inTheWay))));
  }

  private static String blockers(List<Blocker> blockers) {
    String words = blockers.stream().map(Blocker::wordsWithQuery).collect(Collectors.joining("; "));
    return words.isEmpty() ? "a session that is done by now" : words;
  }
}
