package dev.belay.swap;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.DatabaseNote;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Puts one database in the place of another by two renames in one transaction. Clients that
 * reconnect see an outage of a fraction of a second, whatever the size. The former live database
 * keeps everything it had, accepts no connections, and can be swapped back in the same way.
 *
 * <p>Killed at any moment, the server's own state tells {@link SwapRecovery} what to put right.
 */
public final class Swap {
  private final Databases databases;
  private final Target maintenance;
  private final RunId run;
  private final Journal journal;
  private final OperationLock lock;
  private final Duration lockTimeout;
  private final Progress progress;

  /**
   * @param maintenance the database from which the renames are done
   * @param lock of the live database; it is proven to be held before the live database is touched
   * @param lockTimeout how long one try of the renames may wait for a lock
   */
  public Swap(
      Databases databases,
      Target maintenance,
      RunId run,
      Journal journal,
      OperationLock lock,
      Duration lockTimeout,
      Progress progress) {
    this.databases = databases;
    this.maintenance = maintenance;
    this.run = run;
    this.journal = journal;
    this.lock = lock;
    this.lockTimeout = lockTimeout;
    this.progress = progress;
  }

  /**
   * Swaps. The caller has no session open with either database.
   *
   * @param live the database whose place is taken
   * @param replacement a database with Belay's note: restored, or replaced earlier
   * @param what in words, for the note of the replaced database
   * @throws Failure REFUSED when something is in the way, FAILED when it did not work and all is as
   *     before, INCOMPLETE when the live database could not be opened again
   */
  public SwapResult run(String live, String replacement, String what) {
    return run(live, replacement, what, LastLook.NONE);
  }

  /**
   * Swaps, with a last look at the live database when nobody can write to it any more.
   *
   * @throws Failure REFUSED when something is in the way, FAILED when it did not work and all is as
   *     before, INCOMPLETE when the live database could not be opened again
   */
  public SwapResult run(String live, String replacement, String what, LastLook lastLook) {
    try (Database session = databases.open(maintenance)) {
      SwapQueries.State before = state(session, live);
      SwapQueries.State next = state(session, replacement);
      DatabaseNote note = note(next, replacement);
      Obstacles.refuse(Obstacles.find(session, live), live);
      String replaced = DatabaseNames.replaced(session, live, Instant.now());
      DatabaseNote kept =
          DatabaseNote.now(
              DatabaseNote.Kind.REPLACED,
              live,
              run,
              session.text("select current_user"),
              what,
              before.ownComment().orElse(null));
      SwapWindow window =
          new SwapWindow(
              databases,
              maintenance,
              new SwapWindow.Names(live, replacement, replaced),
              kept,
              note,
              before.open(),
              next.open(),
              lockTimeout,
              progress,
              lastLook);
      return through(session, window, note);
    }
  }

  private SwapResult through(Database session, SwapWindow window, DatabaseNote note) {
    SwapWindow.Names names = window.names();
    lock.check();
    journal.step(
        Journal.SWAP_BEGUN,
        Map.of(
            "live",
            names.live(),
            Journal.REPLACEMENT,
            names.replacement(),
            Journal.REPLACED,
            names.replaced(),
            "undo",
            SwapQueries.openStatement(names.live(), true),
            Journal.HINT,
            hint(names)));
    FailPoint.reached("swap-begun");
    // A signal waits until the window is over, and keeps one that has not begun from beginning.
    try (Cleanup.Pending pending = Cleanup.register(window::forbid)) {
      DatabaseNote.Swapping swapping = new DatabaseNote.Swapping(run.text(), window.liveWasOpen());
      SwapQueries.comment(
          session, names.replacement(), Optional.of(note.withSwap(swapping).text()));
      FailPoint.reached("swap-marked");
      journal.step("swap-marked");
      SwapResult result = window.pass(session);
      pending.cancel();
      done(Journal.SWAPPED, Map.of(Journal.REPLACED, result.replaced()));
      return result;
    }
  }

  private static String hint(SwapWindow.Names names) {
    return "if the swap was carried out, what was live before is kept as %s: see belay list-replaced"
        .formatted(names.replaced());
  }

  /** What is done is done: a full disk does not make a failure of it. */
  private void done(String step, Map<String, String> facts) {
    try {
      journal.step(step, facts);
    } catch (Failure unwritable) {
      progress.warn(unwritable.message());
    }
  }

  /**
   * Gives a database with Belay's note a name that no database has.
   *
   * @throws Failure REFUSED when a database has that name
   */
  public void install(String replacement, String name) {
    try (Database session = databases.open(maintenance)) {
      DatabaseNote note = note(state(session, replacement), replacement);
      if (SwapQueries.exists(session, name)) {
        throw Failure.refused(
            "there is a database " + name + " already", "choose another name with --new-name");
      }
      lock.check();
      session.inTransaction(
          () -> {
            SwapQueries.rename(session, replacement, name);
            SwapQueries.comment(session, name, Optional.ofNullable(note.comment()));
            SwapQueries.open(session, name, true);
            return name;
          });
      done(Journal.INSTALLED, Map.of(Journal.DATABASE, name));
    }
  }

  private static SwapQueries.State state(Database session, String database) {
    return SwapQueries.state(session, database)
        .orElseThrow(
            () ->
                Failure.unavailable(
                    "there is no database " + database + " on the server",
                    "list the databases with: psql --list"));
  }

  /** Only a database that Belay made or replaced is put in another's place. */
  private static DatabaseNote note(SwapQueries.State state, String replacement) {
    return state
        .note()
        .orElseThrow(
            () ->
                Failure.refused(
                    "the database " + replacement + " was not made by belay",
                    "list those that can be swapped in with: belay list-replaced"));
  }
}
