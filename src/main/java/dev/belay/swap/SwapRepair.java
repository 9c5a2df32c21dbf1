package dev.belay.swap;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.util.Optional;

/** What is done, in the same run, when the renames broke: looks what became of them. */
final class SwapRepair {
  private static final long GONE_MILLIS = 10_000;

  private SwapRepair() {}

  /**
   * Finds out whether the broken transaction was committed; if not, opens the live database again.
   *
   * @return whether the swap is done after all
   * @throws Failure INCOMPLETE when the live database could not be opened again
   */
  static boolean wasCommittedOrReopen(SwapWindow window, int brokenPid, Throwable broken) {
    SwapWindow.Names names = window.names();
    try (Database session = window.freshSession()) {
      endBroken(session, brokenPid);
      if (SwapQueries.exists(session, names.replaced())) {
        return true;
      }
      if (window.liveWasOpen()) {
        SwapQueries.open(session, names.live(), true);
      }
      SwapQueries.open(session, names.replacement(), window.replacementWasOpen());
      SwapQueries.comment(
          session, names.replacement(), Optional.of(window.note().withSwap(null).text()));
      return false;
    } catch (Failure stillClosed) {
      throw Failure.incomplete(
              "the swap broke (" + words(broken) + ") and " + words(stillClosed),
              names.live() + " has all its data but may refuse connections",
              "in psql, as its owner: " + SwapQueries.openStatement(names.live(), true))
          .causedBy(broken);
    }
  }

  /** The failure when all is as it was. */
  static Failure failed(SwapWindow window, Throwable broken) {
    if (broken instanceof Error defect) {
      throw defect;
    }
    String hint =
        broken instanceof Failure failure
            ? failure.hint()
            : "look at belay.log, then run the command again";
    return Failure.failed(window.names().live() + " could not be swapped: " + words(broken), hint)
        .causedBy(broken);
  }

  /** The server may still be at work for a session whose connection was lost. */
  private static void endBroken(Database session, int pid) {
    long deadline = System.nanoTime() + GONE_MILLIS * 1_000_000;
    SwapQueries.terminate(session, pid);
    while (SwapQueries.sessionIsThere(session, pid) && System.nanoTime() < deadline) {
      SwapWindow.pause(5);
    }
  }

  private static String words(Throwable broken) {
    return broken instanceof Failure failure ? failure.message() : broken.toString();
  }
}
