package dev.belay.flyway;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who holds Flyway's lock: a migration is in progress.
 *
 * @param pid the server process
 * @param user the role it is logged in as
 * @param application its application name; null where this role may not see it
 * @param since when its transaction, or else its session, began; null where this role may not see
 *     it
 */
public record LockHolder(
    int pid, @Nullable String user, @Nullable String application, @Nullable Instant since) {
  /** {@code pid 4711, user app, application "Redgate_Flyway", since 2024-01-01T12:00:00Z}. */
  @Override
  public String toString() {
    return "pid "
        + pid
        + (user == null ? "" : ", user " + user)
        + (application == null || application.isEmpty()
            ? ""
            : ", application \"" + application + "\"")
        + (since == null ? "" : ", since " + since);
  }
}
