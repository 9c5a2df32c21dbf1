package dev.belay.report;

import java.util.Collection;

/**
 * How many of some checks ended how.
 *
 * @param warned that found something which is only a warning
 * @param notChecked that could not be carried out
 */
public record CheckTally(long passed, long warned, long failed, long notChecked) {

  /** Of checks that ended so. */
  public static CheckTally of(Collection<CheckStatus> ended) {
    return new CheckTally(
        count(ended, CheckStatus.PASSED),
        count(ended, CheckStatus.WARNING),
        count(ended, CheckStatus.FAILED),
        count(ended, CheckStatus.NOT_CHECKED));
  }

  private static long count(Collection<CheckStatus> ended, CheckStatus status) {
    return ended.stream().filter(status::equals).count();
  }

  /** How many ended so. */
  public long ended(CheckStatus status) {
    return switch (status) {
      case PASSED -> passed;
      case WARNING -> warned;
      case FAILED -> failed;
      case NOT_CHECKED -> notChecked;
    };
  }

  /**
   * {@code failed}, {@code incomplete}, {@code warning} or {@code passed}: a finding wins over what
   * could not be checked, and nothing found but not all checked is no pass.
   */
  public String overall() {
    if (failed > 0) {
      return "failed";
    }
    if (notChecked > 0) {
      return "incomplete";
    }
    return warned > 0 ? "warning" : "passed";
  }

  /**
   * The last line for a person.
   *
   * @param verdict what it means
   */
  public String line(String verdict) {
    return "%d passed, %d with a warning, %d failed, %d not checked: %s"
        .formatted(passed, warned, failed, notChecked, verdict);
  }
}
