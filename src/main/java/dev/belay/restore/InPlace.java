package dev.belay.restore;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells whether a restore in place that broke was committed before. pg_restore makes every object
 * anew, so the numbers of the objects are others from the moment of its commit.
 */
final class InPlace {
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final long PAUSE_MILLIS = 100;
  private static final int ATTEMPTS = 3;

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
   * @param noted is called when it was committed, whatever breaks after that
   * @throws Failure INCOMPLETE when it broke after its commit, or nobody can know whether it did;
   *     else what the restore threw
   */
  RestoreSource.Restored orSay(Supplier<RestoreSource.Restored> restore, Runnable noted) {
    for (int attempt = 1; ; attempt++) {
      LockWatch watch = LockWatch.begin(run);
      try (watch) {
        RestoreSource.Restored restored = restore.get();
        noted.run();
        return restored;
      } catch (Failure broken) {
        Failure told = broken.exitCode() == ExitCode.INCOMPLETE ? broken : told(broken, noted);
        Optional<String> inTheWay = watch.blockers();
        if (inTheWay.isEmpty() || told.exitCode() == ExitCode.INCOMPLETE) {
          throw told;
        }
        if (attempt == ATTEMPTS) {
          throw waited(inTheWay.get()).causedBy(broken);
        }
        run.progress().warn("tried again, since in the way was " + inTheWay.get());
        pause(PAUSE_MILLIS << attempt);
      } catch (RuntimeException | Error defect) {
        Failure told = told(Failure.unexpected(defect), noted);
        if (told.exitCode() == ExitCode.INCOMPLETE) {
          throw told;
        }
        throw defect;
      }
    }
  }

  private Failure waited(String inTheWay) {
    return Failure.unavailable(
        "pg_restore would have to wait longer than %s for a lock, and everybody else behind it; in"
                .formatted(Units.duration(run.settings().lockTimeout()))
            + " the way: "
            + inTheWay,
        "end it with pg_terminate_backend, or wait longer: --set lock-timeout=30s");
  }

  private Failure told(Failure broken, Runnable noted) {
    try {
      if (!committed()) {
        return broken;
      }
      noted.run();
      return Failure.incomplete(
              broken.message(),
              run.live() + " holds what pg_restore made of the backup, and nobody checked it",
              "look at it with: belay verify-state")
          .causedBy(broken);
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
      pause(PAUSE_MILLIS);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("belay was interrupted", "run the command again");
    }
  }
}
