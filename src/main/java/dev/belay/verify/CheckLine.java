package dev.belay.verify;

import dev.belay.report.CheckStatus;

/** How one check ended, in short. */
record CheckLine(
    String check,
    String group,
    CheckStatus status,
    long count,
    long notCheckedCount,
    long durationMillis) {
  static CheckLine of(Issue issue) {
    return new CheckLine(
        issue.check(),
        issue.group(),
        issue.status(),
        issue.count(),
        issue.notCheckedCount(),
        issue.durationMillis());
  }

  static CheckLine of(DataComparison comparison) {
    return new CheckLine(
        Selection.COMPARISON,
        "comparison",
        comparison.status(),
        comparison.differenceCount(),
        comparison.complete() ? 0 : 1,
        comparison.durationMillis());
  }
}
