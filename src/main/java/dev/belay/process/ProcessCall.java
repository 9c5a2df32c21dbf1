package dev.belay.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * One program to run. Secrets travel in {@code environment}, so a printed call never shows them.
 *
 * @param command the program's path and its arguments; no shell sees them
 * @param environment added to this program's own
 * @param removed names of variables that the child must not inherit
 * @param log the child's standard output and error are appended here
 * @param stallTimeout the child is ended when {@code progress} stays the same for so long; zero:
 *     never
 * @param progress any number that changes while the child gets on
 */
public record ProcessCall(
    List<String> command,
    Map<String, String> environment,
    Set<String> removed,
    Path log,
    Duration stallTimeout,
    LongSupplier progress) {
  public ProcessCall {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    removed = Set.copyOf(removed);
  }

  /** A call that has no watchdog and inherits the whole environment, for short programs. */
  public static ProcessCall of(List<String> command, Path log) {
    return new ProcessCall(command, Map.of(), Set.of(), log, Duration.ZERO, () -> 0);
  }

  /** The command line as it could be typed, without the environment. */
  @Override
  public String toString() {
    return ShellWords.join(command);
  }
}
