package dev.belay.postgres;

import dev.belay.core.Target;

/** Opens sessions. */
@FunctionalInterface
public interface Databases {
  /**
   * A new session with the database, pinned as {@link SessionSettings} says. The caller closes it.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when it cannot be reached; REFUSED when a pooler in
   *     transaction mode is in the way
   */
  Database open(Target target);
}
