package dev.belay.swap;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The moment in which the live database accepts no connections. It is left in one of two ways: both
 * databases renamed, or the live one open again under its name.
 */
final class SwapWindow {
  /** The live database is never closed for longer. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final long POLL_MILLIS = 2;
  private static final long TERMINATE_AGAIN_MILLIS = 250;
  private static final Duration REOPEN = Duration.ofSeconds(30);

  /** The names before and after. */
  record Names(String live, String replacement, String replaced) {}

  private final Databases databases;
  private final Target maintenance;
  private final Names names;
  private final DatabaseNote kept;
  private final DatabaseNote note;
  private final boolean liveWasOpen;
  private final boolean replacementWasOpen;
  private final Duration lockTimeout;
  private final Progress progress;
  private final LastLook lastLook;
  private boolean forbidden;
  private long ended;

  SwapWindow(
      Databases databases,
      Target maintenance,
      Names names,
      DatabaseNote kept,
      DatabaseNote note,
      boolean liveWasOpen,
      boolean replacementWasOpen,
      Duration lockTimeout,
      Progress progress,
      LastLook lastLook) {
    this.databases = databases;
    this.maintenance = maintenance;
    this.names = names;
    this.kept = kept;
    this.note = note;
    this.liveWasOpen = liveWasOpen;
    this.replacementWasOpen = replacementWasOpen;
    this.lockTimeout = lockTimeout;
    this.progress = progress;
    this.lastLook = lastLook;
  }

  Names names() {
    return names;
  }

  boolean liveWasOpen() {
    return liveWasOpen;
  }

  boolean replacementWasOpen() {
    return replacementWasOpen;
  }

  /** Waits until the window is over; one that has not begun does not begin any more. */
  synchronized void forbid() {
    forbidden = true;
  }

  /**
   * Goes through.
   *
   * @throws Failure FAILED when all is as before, INCOMPLETE when the live database stays closed
   */
  synchronized SwapResult pass(Database session) {
    if (forbidden) {
      throw Failure.failed("the swap was interrupted before it began", "run the command again");
    }
    int pid = (int) session.number("select pg_catalog.pg_backend_pid()");
    List<Integer> looking = lastLook.open();
    long begin = System.nanoTime();
    try {
      SwapQueries.open(session, names.replacement(), false);
      FailPoint.reached("swap-replacement-closed");
      SwapQueries.open(session, names.live(), false);
      FailPoint.reached("swap-closed");
      if (!looking.isEmpty()) {
        endSessions(session, begin + LONGEST.toNanos(), looking);
        lastLook.look();
        lastLook.close();
      }
      rename(session, begin + LONGEST.toNanos());
      FailPoint.reached("swap-renamed");
    } catch (Throwable broken) {
      if (!SwapRepair.wasCommittedOrReopen(this, pid, broken)) {
        throw SwapRepair.failed(this, broken);
      }
    } finally {
      lastLook.close();
    }
    Cleanup.done(
        "%s was swapped, and what was live until then is kept as %s (back with: %s)"
            .formatted(
                names.live(),
                names.replaced(),
                progress.toPaste(
                    "belay " + ShellWords.join(List.of("undo-restore", names.replaced())))));
    long outage = (System.nanoTime() - begin) / 1_000_000;
    return new SwapResult(names.live(), names.replaced(), outage, ended);
  }

  private void rename(Database session, long deadline) {
    while (true) {
      endSessions(session, deadline, List.of());
      FailPoint.reached("swap-ended");
      try {
        session.inTransaction(() -> renameBoth(session));
        return;
      } catch (Failure failure) {
        if (!SqlState.OBJECT_IN_USE.isOf(failure)
            && !SqlState.LOCK_NOT_AVAILABLE.isOf(failure)
            && !SqlState.DEADLOCK_DETECTED.isOf(failure)) {
          throw failure;
        }
        if (System.nanoTime() > deadline) {
          throw Failure.failed(
                  "%s could not be renamed within %s: %s; in the way: %s"
                      .formatted(
                          names.live(),
                          Units.duration(LONGEST),
                          failure.message(),
                          inTheWay(session)),
                  "end what is in the way, then run the command again")
              .causedBy(failure);
        }
        progress.detail("the renames are tried again: " + failure.message());
      }
    }
  }

  private Names renameBoth(Database session) {
    SwapQueries.lockTimeout(session, lockTimeout.toMillis());
    SwapQueries.rename(session, names.live(), names.replaced());
    SwapQueries.rename(session, names.replacement(), names.live());
    SwapQueries.comment(session, names.replaced(), Optional.of(kept.text()));
    SwapQueries.comment(session, names.live(), Optional.ofNullable(note.comment()));
    if (liveWasOpen) {
      SwapQueries.open(session, names.live(), true);
    }
    FailPoint.reached("swap-renaming");
    return names;
  }

  /** Ends sessions until none is left; one that was just logging in may come late. */
  private void endSessions(Database session, long deadline, List<Integer> but) {
    while (true) {
      ended += SwapQueries.terminate(session, names.live(), names.replacement(), but);
      long again = System.nanoTime() + TERMINATE_AGAIN_MILLIS * 1_000_000;
      while (System.nanoTime() < again) {
        if (SwapQueries.sessions(session, names.live(), names.replacement(), but) == 0) {
          return;
        }
        pause();
      }
      if (System.nanoTime() > deadline) {
        throw Failure.failed(
            "sessions with %s did not end within %s: %s"
                .formatted(names.live(), Units.duration(LONGEST), inTheWay(session)),
            "end them as a superuser, then run the command again");
      }
    }
  }

  private String inTheWay(Database session) {
    return SwapQueries.inTheWay(session, names.live(), names.replacement());
  }

  /** A session that is not the broken one, even while the server is starting again. */
  Database freshSession() {
    long deadline = System.nanoTime() + REOPEN.toNanos();
    while (true) {
      try {
        return databases.open(maintenance);
      } catch (Failure unreachable) {
        if (System.nanoTime() > deadline) {
          throw unreachable;
        }
        pause(250);
      }
    }
  }

  /** The note that the replacement had before. */
  DatabaseNote note() {
    return note;
  }

  private static void pause() {
    pause(POLL_MILLIS);
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("the swap was interrupted", "run the command again");
    }
  }
}
