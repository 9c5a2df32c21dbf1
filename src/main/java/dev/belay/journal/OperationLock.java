package dev.belay.journal;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two Belays from changing one target at the same time, from any machine. It is an advisory
 * lock of a session, so it ends with its process and no stale one exists. The session is with the
 * maintenance database, since a session with the target would be in the way of a swap; while it is
 * held, the session is asked every 20 seconds whether it still lives, which also keeps firewalls
 * from forgetting it.
 */
public final class OperationLock implements AutoCloseable {
  private static final long BEAT_MILLIS = 20_000;

  private final Database session;
  private final long key;
  private final String comment;
  private final Thread heart;
  private boolean closed;
  private @Nullable Failure lost;

  private OperationLock(Database session, long key, Holder holder) {
    this.session = session;
    this.key = key;
    this.comment = holder.comment();
    this.heart = new Thread(this::beat, "operation-lock");
    heart.setDaemon(true);
  }

  /**
   * Takes the lock of a target.
   *
   * @param maintenance the maintenance database of the target's server
   * @param target the database that is to be changed; it need not exist
   * @param command what the holder does, shown to whoever comes second
   * @param longestWait zero: fail at once when somebody else has it
   * @param warning is told when the maintenance database cannot be reached and the target itself is
   *     used
   * @throws Failure REFUSED when somebody else has it; UNAVAILABLE when the server cannot be
   *     reached
   */
  public static OperationLock acquire(
      Databases databases,
      Target maintenance,
      Target target,
      RunId run,
      String command,
      Duration longestWait,
      Consumer<String> warning) {
    Database session = open(databases, maintenance, target, warning);
    try {
      Holder holder = Holder.here(run, command);
      long key = LockQueries.key(target.database());
      take(session, key, target.database(), longestWait);
      OperationLock lock = new OperationLock(session, key, holder);
      lock.show();
      lock.heart.start();
      return lock;
    } catch (Throwable broken) {
      session.close();
      throw broken;
    }
  }

  /** Who has the lock of a target now, as far as this role may see it. */
  public static Optional<Holder> holder(Database maintenance, String database) {
    return LockQueries.holders(maintenance, LockQueries.key(database)).stream()
        .flatMap(found -> found.holder().stream())
        .findFirst();
  }

  /**
   * Who else has the lock of a target now, in words; never this process.
   *
   * @param session with any database of the server
   */
  public static Optional<String> other(Database session, String database) {
    return LockQueries.holders(session, LockQueries.key(database)).stream()
        .filter(found -> found.holder().filter(OperationLock::isThisProcess).isEmpty())
        .map(OperationLock::words)
        .findFirst();
  }

  private static boolean isThisProcess(Holder holder) {
    return holder.pid() == ThisProcess.pid() && holder.host().equals(ThisProcess.host());
  }

  private static String words(LockQueries.Session found) {
    return found
        .holder()
        .map(Holder::toString)
        .orElse(
            "server process "
                + found.pid()
                + (found.applicationName().isEmpty() ? "" : " (" + found.applicationName() + ")"));
  }

  /**
   * Proves that the lock is still held; to be called before every step that cannot be taken back.
   *
   * @throws Failure UNAVAILABLE when its session is gone, so that another Belay may be at work
   */
  public synchronized void check() {
    show();
  }

  private synchronized void show() {
    if (lost != null) {
      throw lost;
    }
    try {
      LockQueries.show(session, comment);
    } catch (Failure gone) {
      lost =
          Failure.unavailable(
                  "the session that holds the operation lock was lost: " + gone.message(),
                  "see whether the server is up with: belay verify-state")
              .causedBy(gone);
      throw lost;
    }
  }

  private void beat() {
    while (true) {
      try {
        synchronized (this) {
          wait(BEAT_MILLIS);
          if (closed) {
            return;
          }
          show();
        }
      } catch (InterruptedException | Failure over) {
        // A lost session is reported by the next check.
        return;
      }
    }
  }

  private static Database open(
      Databases databases, Target maintenance, Target target, Consumer<String> warning) {
    try {
      return databases.open(maintenance);
    } catch (Failure unreachable) {
      boolean refusedByServer =
          SqlState.INVALID_CATALOG_NAME.isOf(unreachable)
              || SqlState.INSUFFICIENT_PRIVILEGE.isOf(unreachable)
              || SqlState.INVALID_AUTHORIZATION.isOf(unreachable);
      if (!refusedByServer || maintenance.database().equals(target.database())) {
        throw unreachable;
      }
      Database session = databases.open(target);
      warning.accept(
          "the operation lock is held in "
              + target
              + " itself, since the maintenance database cannot be used: "
              + unreachable.message());
      return session;
    }
  }

  private static void take(Database session, long key, String database, Duration longestWait) {
    if (!LockQueries.tryLock(session, key)) {
      if (longestWait.isZero() || isHeldByAParent(session, key)) {
        throw taken(session, key, database);
      }
      await(session, key, database, longestWait);
    }
    // The same key in another database of the server: a Belay with another maintenance database.
    if (!LockQueries.holders(session, key).isEmpty()) {
      throw taken(session, key, database);
    }
  }

  private static void await(Database session, long key, String database, Duration longestWait) {
    try {
      LockQueries.lock(session, key, longestWait);
    } catch (Failure failure) {
      if (SqlState.LOCK_NOT_AVAILABLE.isOf(failure)) {
        throw taken(session, key, database);
      }
      throw failure;
    }
  }

  private static Failure taken(Database session, long key, String database) {
    List<LockQueries.Session> holders = LockQueries.holders(session, key);
    String who =
        holders.stream().map(OperationLock::words).findFirst().orElse("one that has just ended");
    return Failure.refused(
        "another belay is working on " + database + ": " + who,
        isHeldByAParent(session, key)
            ? "that one runs this command and waits for its end: run this one without it"
            : "run the same command again when it is done");
  }

  /** Such as a guard, which waits for this process: the two would wait for each other for ever. */
  private static boolean isHeldByAParent(Database session, long key) {
    return LockQueries.holders(session, key).stream()
        .flatMap(found -> found.holder().stream())
        .anyMatch(holder -> holder.host().equals(ThisProcess.host()) && isParent(holder.pid()));
  }

  private static boolean isParent(long pid) {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    while (parent.isPresent()) {
      if (parent.get().pid() == pid) {
        return true;
      }
      parent = parent.get().parent();
    }
    return false;
  }

  /**
   * Lets the target go, before the session ends: the server ends a closed one a moment later, and
   * until then whoever comes next would be refused.
   */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    try (session) {
      if (lost == null) {
        LockQueries.unlock(session, key);
      }
    } catch (Failure gone) {
      // The server lets go of what a session held that is lost.
    }
  }
}
