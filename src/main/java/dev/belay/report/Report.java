package dev.belay.report;

import dev.belay.core.ExitCode;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The answer of a command: a record whose components are the JSON and whose {@link #lines()} are
 * the text, so that a fact cannot be in one and wrong in the other.
 */
public interface Report {
  /** What the process exits with. */
  ExitCode exitCode();

  /** The answer for a person: lines without a line end. */
  List<String> lines();

  /**
   * The same lines, where the answer makes up commands only for its lines.
   *
   * @param toPaste gives for a text with such a command the text that is to be shown
   */
  default List<String> lines(UnaryOperator<String> toPaste) {
    return lines();
  }

  /** The answer as test cases, for CI; empty: it is no list of checks. */
  default Optional<JunitSuite> junit() {
    return Optional.empty();
  }

  /** Whether the target, or another database of its server, is not as it was before. */
  default boolean databaseChanged() {
    return false;
  }
}
