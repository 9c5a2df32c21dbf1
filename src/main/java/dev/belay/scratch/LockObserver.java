package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Watches the locks of a migration that has no transaction, where each statement lets its locks go,
 * from other sessions. A statement may be done before anybody has looked; so every table is locked
 * before it begins, and let go as soon as it is seen waiting: what it waits for is its first lock.
 * From then on it is looked at as fast as the server answers.
 */
final class LockObserver implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 10_000;

  private final Map<Long, Set<LockMode>> seen = new HashMap<>();
  private final Database looking;
  private final Database holding;
  private final int pid;
  private final Thread thread;
  private boolean holds;
  private boolean holdsWeak;
  private int statements;
  private boolean running;
  private boolean over;

  private LockObserver(Database looking, Database holding, int pid) {
    this.looking = looking;
    this.holding = holding;
    this.pid = pid;
    this.thread = new Thread(this::look, "lock-observer");
    thread.setDaemon(true);
  }

  /**
   * Begins to watch.
   *
   * @param pid the server process of the migration
   */
  static LockObserver start(Databases databases, Target target, int pid) {
    Database looking = databases.open(target);
    try {
      LockObserver observer = new LockObserver(looking, databases.open(target), pid);
      observer.thread.start();
      return observer;
    } catch (Throwable broken) {
      looking.close();
      throw broken;
    }
  }

  /** A statement is about to begin: it will be held up at its first lock on one of the tables. */
  synchronized void statementBegins(List<RecordedObject> tables) {
    release();
    running = true;
    statements++;
    if (over || tables.isEmpty()) {
      return;
    }
    try {
      holding.execute("begin");
      holds = true;
      holding.execute("set local lock_timeout = '2s'");
      String names =
          String.join(", ", tables.stream().map(table -> "only " + table.identity()).toList());
      holding.execute("lock table " + names + " in share update exclusive mode");
      holding.execute("savepoint weak");
      holding.execute("lock table " + names + " in access exclusive mode");
      holdsWeak = true;
    } catch (Failure cannot) {
      // Another owner's table, or one that a prepared transaction has: then it is only looked at.
      release();
    }
  }

  /** The statement is done, whether or not it locked anything. */
  synchronized void statementEnds() {
    running = false;
    release();
  }

  /**
   * First whoever only reads or writes rows: {@code VACUUM} begins so, and takes its real lock only
   * then.
   */
  private synchronized void letPass() {
    if (holdsWeak) {
      holdsWeak = false;
      holding.execute("rollback to savepoint weak");
    } else {
      release();
    }
  }

  private synchronized void release() {
    holdsWeak = false;
    if (holds) {
      holds = false;
      holding.rollback();
    }
  }

  private void look() {
    try {
      while (!isOver()) {
        int statement = statement();
        RelationLockQueries.Held now = RelationLockQueries.locks(looking, pid);
        merge(statement, now);
        if (now.waits() && statement > 0) {
          letPass();
        }
      }
    } catch (Failure gone) {
      // The migration itself fails then.
    } finally {
      stop();
    }
  }

  /** Nobody looks any more, so nothing may be held up any more. */
  private synchronized void stop() {
    over = true;
    release();
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** The number of the statement that runs; 0: none, so what is locked is none of its doing. */
  private synchronized int statement() {
    return running ? statements : 0;
  }

  private synchronized void merge(int statement, RelationLockQueries.Held now) {
    if (statement > 0) {
      now.relations().forEach(this::merge);
    }
  }

  private void merge(Long relation, Set<LockMode> modes) {
    seen.computeIfAbsent(relation, none -> new TreeSet<>()).addAll(modes);
  }

  /** What was seen so far. */
  synchronized Map<Long, Set<LockMode>> seen() {
    Map<Long, Set<LockMode>> copy = new HashMap<>();
    seen.forEach((relation, modes) -> copy.put(relation, new HashSet<>(modes)));
    return copy;
  }

  @Override
  public void close() {
    stop();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    looking.close();
    holding.close();
  }
}
