package dev.belay.postgres;

import java.time.Instant;
import java.util.Optional;

/**
 * A session that keeps another one waiting for a lock.
 *
 * @param pid its server process
 * @param user whose it is; empty where this role may not see it
 * @param application what it calls itself
 * @param state PostgreSQL's word, such as {@code idle in transaction}
 * @param since when its transaction began; empty where that is not to be seen
 * @param query the begin of what it runs, or ran last, on one line, without what stands in quotes,
 *     which may be secret
 */
public record Blocker(
    int pid, String user, String application, String state, Optional<Instant> since, String query) {
  private static final String IDLE_IN_TRANSACTION = "idle in transaction";

  /** Whether it holds its locks without doing anything. */
  public boolean isIdleInTransaction() {
    return state.startsWith(IDLE_IN_TRANSACTION);
  }

  /** For people, without what it runs. */
  public String words() {
    return "pid %d (user %s, application \"%s\", %s%s)"
        .formatted(
            pid,
            user.isEmpty() ? "?" : user,
            application,
            state.isEmpty() ? "?" : state,
            since.map(moment -> " since " + moment).orElse(""));
  }

  /** For people, with what it runs. */
  public String wordsWithQuery() {
    return query.isEmpty() ? words() : words() + ": " + query;
  }
}
