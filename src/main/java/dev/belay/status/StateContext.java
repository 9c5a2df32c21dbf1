package dev.belay.status;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.util.Optional;

/**
 * What a check may look at.
 *
 * @param session the session with the target; empty when it cannot be reached
 */
public record StateContext(Settings settings, Optional<Database> session) {
  /**
   * The session with the target.
   *
   * @throws Failure UNAVAILABLE when it cannot be reached, which makes the check "not checked"
   */
  public Database database() {
    return session.orElseThrow(
        () -> Failure.unavailable("there is no connection", "see the check connection"));
  }
}
