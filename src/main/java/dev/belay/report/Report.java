package dev.belay.report;

import dev.belay.core.ExitCode;
import java.util.List;

/**
 * The answer of a command: a record whose components are the JSON and whose {@link #lines()} are
 * the text, so that a fact cannot be in one and wrong in the other.
 */
public interface Report {
  /** What the process exits with. */
  ExitCode exitCode();

  /** The answer for a person: lines without a line end. */
  List<String> lines();

  /** Whether the target, or another database of its server, is not as it was before. */
  default boolean databaseChanged() {
    return false;
  }
}
