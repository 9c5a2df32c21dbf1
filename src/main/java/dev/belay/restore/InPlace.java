package dev.belay.restore;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.function.Supplier;

/**
 * Tells whether a restore in place that broke was committed before. pg_restore makes every object
 * anew, so the numbers of the objects are others from the moment of its commit.
 */
final class InPlace {
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final long PAUSE_MILLIS = 100;

  private final GuardedRun run;
  private final String objects;

  private InPlace(GuardedRun run, String objects) {
    this.run = run;
    this.objects = objects;
  }

  /** The live database as it is before. */
  static InPlace look(GuardedRun run) {
    try (Database live = run.databases().open(run.target())) {
      return new InPlace(run, PreflightQueries.objects(live));
    }
  }

  /**
   * Restores.
   *
   * @throws Failure INCOMPLETE when it broke after its commit, or nobody can know whether it did;
   *     else what the restore threw
   */
  RestoreSource.Restored orSay(Supplier<RestoreSource.Restored> restore) {
    try {
      return restore.get();
    } catch (Failure broken) {
      if (broken.exitCode() == ExitCode.INCOMPLETE) {
        throw broken;
      }
      throw told(broken);
    }
  }

  private Failure told(Failure broken) {
    try {
      return committed()
          ? Failure.incomplete(
                  broken.message(),
                  run.live() + " holds what pg_restore made of the backup, and nobody checked it",
                  "look at it with: belay verify-state")
              .causedBy(broken)
          : broken;
    } catch (Failure unknown) {
      return Failure.incomplete(
              broken.message(),
              "%s is as it was, or as the backup has it: %s"
                  .formatted(run.live(), unknown.message()),
              "when the server is back, look at it with: belay verify-state")
          .causedBy(broken);
    }
  }

  /** A session of pg_restore that is still there may be about to commit, so its end is awaited. */
  private boolean committed() {
    String theirs = RunSessions.name(run.run(), "pg_restore");
    long deadline = System.nanoTime() + LONGEST_NANOS;
    while (true) {
      try (Database live = run.databases().open(run.target())) {
        if (PreflightQueries.sessions(live, theirs) == 0) {
          return !PreflightQueries.objects(live).equals(objects);
        }
        if (System.nanoTime() > deadline) {
          throw Failure.unavailable(
              "the server is still at work for pg_restore", "wait until it is done");
        }
      } catch (Failure unreachable) {
        if (System.nanoTime() > deadline) {
          throw unreachable;
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("belay was interrupted", "run the command again");
    }
  }
}
