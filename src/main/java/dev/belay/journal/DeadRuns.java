package dev.belay.journal;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes away what runs that were killed left on the server: sessions of their children, which
 * outlive {@code kill -9} of their parent and hold locks, scratch databases, and restored databases
 * that never went live. Decided by the server alone, so that it works from another machine too.
 */
public final class DeadRuns {
  private static final Pattern RUN = Pattern.compile("_([0-9a-f]{12})(?:_[0-9]+)?$");

  private DeadRuns() {}

  /**
   * Sweeps. What cannot be taken away is said and left.
   *
   * @param database a session with the maintenance database
   * @return what was done, in words
   */
  public static List<String> sweep(Database database, LivingRuns living) {
    List<String> done = new ArrayList<>();
    sweep(database, living, done);
    return done;
  }

  /**
   * The same, where what was done before it broke off counts.
   *
   * @param done is told what was done, in words
   */
  public static void sweep(Database database, LivingRuns living, List<String> done) {
    for (DeadRunQueries.Child child : DeadRunQueries.children(database)) {
      // Its parent's sessions have the same role, so whoever sees the child sees the parent.
      boolean dead =
          RunSessions.parentOf(child.applicationName())
              .map(run -> living.isDead(run, database.target().user()))
              .orElse(false);
      if (dead) {
        attempt(
            done,
            "session " + child.pid() + " (" + child.applicationName() + ") of a dead run",
            "ended",
            () -> DeadRunQueries.terminate(database, child));
      }
    }
    for (DeadRunQueries.Leftover leftover : DeadRunQueries.databases(database)) {
      if (isDead(leftover, living)) {
        done.add(drop(database, leftover.name()));
      }
    }
  }

  /**
   * Drops a database that a dead run made for itself, unless somebody else works with it.
   *
   * @param database a session with the maintenance database
   * @return what was done, in words
   */
  public static String drop(Database database, String name) {
    String what = "database " + name + " of a dead run: ";
    try {
      long strangers = DeadRunQueries.strangers(database, name);
      if (strangers > 0) {
        return what
            + "kept, since %s with it"
                .formatted(
                    Units.count(
                        strangers,
                        "session of another program is",
                        "sessions of other programs are"));
      }
      if (name.startsWith("belay_scratch_")) {
        DatabaseDrop.withPrepared(database, name);
      } else {
        DatabaseDrop.now(database, name);
      }
      return what + "dropped";
    } catch (Failure refused) {
      return what + "could not be dropped: " + refused.message();
    }
  }

  private static boolean isDead(DeadRunQueries.Leftover leftover, LivingRuns living) {
    if (leftover.note().map(note -> note.swap() != null).orElse(false)) {
      // The live database may be closed because of it: that is put right first, elsewhere.
      return false;
    }
    Matcher matcher = RUN.matcher(leftover.name());
    String role = leftover.note().map(DatabaseNote::role).orElse(leftover.owner());
    return matcher.find() && living.isDead(new RunId(matcher.group(1)), role);
  }

  @FunctionalInterface
  private interface Removal {
    boolean tried();
  }

  private static void attempt(List<String> done, String what, String how, Removal removal) {
    try {
      if (removal.tried()) {
        done.add(what + ": " + how);
      }
    } catch (Failure refused) {
      done.add(what + ": could not be " + how + ": " + refused.message());
    }
  }
}
