package dev.belay.rehearse;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.postgres.SqlState;

/** Tells the loss of the server of the copies from what scripts do wrong. */
public final class LostServer {
  private LostServer() {}

  /** Whether the server, or the way to it, is gone. */
  public static boolean isBehind(Failure failure) {
    return SqlState.lostConnection(failure);
  }

  /** The failure that says so, where that is the cause; else the same. */
  public static Failure told(Failure failure) {
    return isBehind(failure) && failure.exitCode() == ExitCode.FAILED
        ? Failure.unavailable(
                "the server of the copy was lost: " + failure.message(),
                "see its log, start it, and run the same command again")
            .withState("the database was not changed; the next run of belay drops the copy")
            .causedBy(failure)
        : failure;
  }
}
