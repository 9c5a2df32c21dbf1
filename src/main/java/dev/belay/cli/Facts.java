package dev.belay.cli;

import dev.belay.config.Settings;
import dev.belay.core.RunId;
import java.time.Instant;
import java.util.List;

/**
 * What is known of an operation from its beginning.
 *
 * @param command its words after {@code belay}, such as {@code rollback-point execute}
 * @param arguments the whole command line, without secrets
 * @param plan the lines of the plan that was agreed to; empty: there was none
 */
public record Facts(
    RunId run,
    String command,
    String arguments,
    Settings settings,
    Instant startedAt,
    List<String> plan) {
  public Facts {
    plan = List.copyOf(plan);
  }

  /** The database as people know it, or {@code no database}. */
  public String database() {
    return settings.reached() == null ? "no database" : settings.reached().toString();
  }
}
