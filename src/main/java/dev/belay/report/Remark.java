package dev.belay.report;

import dev.belay.core.ExitCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a hook or a health check adds to the answer of an operation.
 *
 * @param kind such as {@code hook} or {@code health}
 * @param name which one it is, such as {@code hooks.migrate.after} or a URL without its secrets
 * @param result one line, such as {@code healthy before, unhealthy after: status 503}
 * @param problem whether the operator must look at it
 */
public record Remark(String kind, String name, String result, boolean problem) {
  /** The line for a person. */
  public String line() {
    return "%s %s: %s%s".formatted(kind, name, result, problem ? " (look at it)" : "");
  }

  /**
   * What the program exits with: a problem makes of a success something to look at.
   *
   * @param code of the operation itself; null: a signal ended it
   * @param changed whether a database was changed
   */
  public static @Nullable ExitCode worst(
      @Nullable ExitCode code, boolean changed, List<Remark> remarks) {
    boolean problem = remarks.stream().anyMatch(Remark::problem);
    if (!problem || code != ExitCode.OK) {
      return code;
    }
    return changed ? ExitCode.INCOMPLETE : ExitCode.FINDINGS;
  }
}
