package dev.belay.integrity;

import java.time.Duration;
import java.util.List;

/**
 * What came of one check.
 *
 * @param count how many rows of data or objects break the promise, all of them
 * @param findings the first of them, by place
 * @param findingCount how many findings there are, those that are not shown included
 * @param unchecked what could not be checked, some of it; never to be taken for passed
 * @param uncheckedCount how much could not be checked
 * @param duration how long the server was at it, summed over sessions
 */
public record CheckResult(
    Check check,
    long count,
    List<Finding> findings,
    long findingCount,
    List<Unchecked> unchecked,
    long uncheckedCount,
    Duration duration) {
  public CheckResult {
    findings = List.copyOf(findings);
    unchecked = List.copyOf(unchecked);
  }

  /** Whether everything was checked and nothing was found. */
  public boolean passed() {
    return findingCount == 0 && uncheckedCount == 0;
  }
}
