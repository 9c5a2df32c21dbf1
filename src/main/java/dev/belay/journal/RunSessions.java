package dev.belay.journal;

import dev.belay.core.RunId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that a run's sessions have in {@code pg_stat_activity}: {@code belay:<run>} those of
 * the program itself, {@code belay:<run>:<child>} those of its children. A run whose own sessions
 * are all gone is dead, whatever its children still do.
 */
public final class RunSessions {
  private static final Pattern CHILD = Pattern.compile("belay:([0-9a-f]{12}):.*");

  private RunSessions() {}

  /** The application name of the program's own sessions. */
  public static String name(RunId run) {
    return "belay:" + run;
  }

  /**
   * The application name of a child's sessions.
   *
   * @param child such as {@code pg_dump}
   */
  public static String name(RunId run, String child) {
    return name(run) + ":" + child;
  }

  /** The run whose child has that application name. */
  public static Optional<RunId> parentOf(String applicationName) {
    Matcher matcher = CHILD.matcher(applicationName);
    return matcher.matches() ? Optional.of(new RunId(matcher.group(1))) : Optional.empty();
  }
}
