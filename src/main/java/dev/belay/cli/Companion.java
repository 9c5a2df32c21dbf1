package dev.belay.cli;

import dev.belay.config.Settings;
import dev.belay.report.Remark;
import java.util.List;

/**
 * What goes along with an operation that changes something, without being part of it: hooks, and
 * looking whether the application is healthy.
 */
public interface Companion {
  /**
   * A command that may change something begins to look, or somebody asks for the configuration:
   * what is wrong with that of this companion is said now and not after an hour.
   *
   * @throws dev.belay.core.Failure USAGE when it is wrong
   */
  default void check(Settings settings) {
    // What has no configuration has none that is wrong.
  }

  /**
   * What it would do along with that command, in words, shown below the plan.
   *
   * @param command its words after {@code belay}
   */
  default List<String> intends(Settings settings, String command) {
    return List.of();
  }

  /**
   * The plan was agreed to and is on record, and nothing was changed so far.
   *
   * @throws dev.belay.core.Failure REFUSED when the operation may not begin, USAGE when its
   *     configuration is wrong
   */
  void before(Facts facts);

  /**
   * An operation ended for which {@link #before} was called, however either of them went. Never
   * throws.
   *
   * @param outcome so far; its exit code is null when a signal ends the program
   * @return what is to be added to the answer
   */
  List<Remark> after(Facts facts, Outcome outcome);
}
