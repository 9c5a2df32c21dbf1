package dev.belay.rollback;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Blocker;
import dev.belay.postgres.Database;
import dev.belay.rollback.RollbackQueries.Session;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who holds locks on what is undone: named in the plan, and ended only when that was asked for. */
final class InTheWay {
  private final GuardedRun run;
  private final boolean kill;
  private final List<Session> named = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private final Set<Integer> waitedFor = new HashSet<>();

  /**
   * @param kill whether sessions that were named may be ended
   */
  InTheWay(GuardedRun run, boolean kill) {
    this.run = run;
    this.kill = kill;
  }

  /** Looks who is there now; these are named. */
  List<String> look(Database session, Collection<TableName> tables) {
    named.clear();
    named.addAll(RollbackQueries.sessionsOn(session, tables));
    return named.stream().map(Session::words).toList();
  }

  /** Sessions that were ended, in words. */
  List<String> ended() {
    return List.copyOf(ended);
  }

  /** A try was in vain: says why, and ends who may be ended. */
  void blocked(int attempt, List<Blocker> blockers) {
    if (blockers.isEmpty()) {
      run.progress()
          .warn("try %d: a lock was not given by a session that is done by now".formatted(attempt));
    }
    for (Blocker blocker : blockers) {
      run.progress().warn("try %d: in the way: %s".formatted(attempt, blocker.wordsWithQuery()));
      if (kill) {
        named.stream().filter(each -> each.pid() == blocker.pid()).forEach(this::end);
      }
    }
  }

  /** A statement waits, and goes on waiting: says for whom, once for each. */
  void waiting(String where, List<Blocker> blockers) {
    for (Blocker blocker : blockers) {
      if (waitedFor.add(blocker.pid())) {
        run.progress()
            .warn(
                "%s waits for as long as it takes, while others go on; in the way: %s"
                    .formatted(where, blocker.wordsWithQuery()));
        if (kill) {
          named.stream().filter(each -> each.pid() == blocker.pid()).forEach(this::end);
        }
      }
    }
  }

  private void end(Session session) {
    try (Database other = run.databases().open(run.target())) {
      if (RollbackQueries.end(other, session)) {
        ended.add(session.words());
        run.progress().warn("ended: " + session.words());
      } else {
        run.progress()
            .warn(
                "not ended, since it is not idle in the transaction that was named: pid "
                    + session.pid());
      }
    } catch (Failure cannot) {
      run.progress().warn("pid %d is not ended: %s".formatted(session.pid(), cannot.message()));
    }
  }
}
