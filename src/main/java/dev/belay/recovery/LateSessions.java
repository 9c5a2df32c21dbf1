package dev.belay.recovery;

import dev.belay.core.Failure;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.recovery.RecoveryQueries.Session;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches, while one goes back, whether others come to the database: from another one, since a
 * session with it would be in the way of a swap, and by its number, which it keeps when it is
 * replaced. What comes and goes between two looks is not seen.
 */
final class LateSessions implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final String own;
  private final @Nullable Database session;
  private final long database;
  private final Set<String> others = new LinkedHashSet<>();
  private final Thread looking = new Thread(this::lookAgainAndAgain, "late-sessions");
  private boolean over;

  private LateSessions(GuardedRun run) {
    this.own = RunSessions.name(run.run());
    @Nullable Database beside = null;
    long number = 0;
    try {
      if (run.maintenance().database().equals(run.target().database())) {
        throw Failure.unavailable("the maintenance database is the target itself", "");
      }
      beside = run.databases().open(run.maintenance());
      number = RecoveryQueries.number(beside, run.target().database());
    } catch (Failure cannot) {
      others.add("nobody could watch the sessions until the end: " + cannot.message());
    }
    this.session = beside;
    this.database = number;
    looking.setDaemon(true);
  }

  static LateSessions begin(GuardedRun run) {
    LateSessions watch = new LateSessions(run);
    watch.looking.start();
    return watch;
  }

  /** Who came, in words; also that nobody could watch. */
  synchronized List<String> others() {
    look();
    return new ArrayList<>(others);
  }

  private synchronized void lookAgainAndAgain() {
    while (!over) {
      look();
      try {
        wait(PAUSE_MILLIS);
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }

  private void look() {
    Database open = session;
    if (open == null || over) {
      return;
    }
    try {
      for (Session each : RecoveryQueries.sessionsOf(open, database)) {
        String name = each.application();
        if (!name.equals(own) && !name.startsWith(own + ":")) {
          others.add("a session of somebody else came meanwhile: " + each.words());
        }
      }
    } catch (Failure gone) {
      over = true;
      others.add("the sessions could not be watched to the end: " + gone.message());
    }
  }

  @Override
  public synchronized void close() {
    over = true;
    notifyAll();
    if (session != null) {
      session.close();
    }
  }
}
