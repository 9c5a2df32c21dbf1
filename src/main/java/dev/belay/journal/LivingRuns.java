package dev.belay.journal;

import dev.belay.core.RunId;
import dev.belay.postgres.Database;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells whether a run is dead. A run opens a session of its own before anything else and keeps one
 * until its end, so the server knows it from wherever it is asked. Doubt counts as life: a run is
 * dead only when the server showed no session of it twice, a second apart, when its sessions could
 * have been seen, and when its process is not running on this machine either.
 */
public final class LivingRuns {
  private static final long SECOND_LOOK_MILLIS = 1_000;

  private final Database database;
  private final Path journals;
  private final Set<String> seen = new HashSet<>();
  private boolean lookedTwice;

  /**
   * @param database a session with any database of the server
   * @param journals the folder of this machine's journals
   * @param self this run
   */
  public LivingRuns(Database database, Path journals, RunId self) {
    this.database = database;
    this.journals = journals;
    seen.add(self.text());
    look();
  }

  /**
   * Whether the run is dead.
   *
   * @param role the server role whose sessions it has
   */
  public boolean isDead(RunId run, String role) {
    return !seen.contains(run.text())
        && DeadRunQueries.seesSessionsOf(database, role)
        && showsNoLife(run);
  }

  /** Whether nothing was seen of the run, though its sessions may be hidden from this role. */
  public boolean showsNoLife(RunId run) {
    if (seen.contains(run.text()) || UnfinishedRun.isRunningHere(journals, run)) {
      return false;
    }
    if (!lookedTwice) {
      lookedTwice = true;
      pause();
      look();
    }
    return !seen.contains(run.text());
  }

  private void look() {
    seen.addAll(DeadRunQueries.living(database));
  }

  private static void pause() {
    try {
      Thread.sleep(SECOND_LOOK_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
