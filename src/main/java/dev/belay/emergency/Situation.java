package dev.belay.emergency;

import dev.belay.core.Failure;
import java.util.Optional;

/**
 * What the steps came to, of which the advice is made.
 *
 * @param reachable whether the database answers
 * @param unfixed why what could be fixed was not; empty: nothing could be
 * @param clean whether everything was looked at, and nothing is wrong any more
 * @param wrong whether something is known to be wrong
 * @param cause whether what is wrong is of migrations
 * @param next what the last step says is to be done
 */
record Situation(
    boolean reachable,
    Optional<Failure> unfixed,
    boolean clean,
    boolean wrong,
    Cause cause,
    Optional<String> next) {
  /** Whose fault it is. */
  enum Cause {
    /** The schema is not as they give it, or one is recorded as failed. */
    MIGRATIONS,
    /** The schema is as they give it, and nothing is wrong with the data. */
    OTHER,
    /** The schema could not be looked at, or the data is not sound. */
    UNKNOWN
  }

  /**
   * Sums up.
   *
   * @param fixing what became of the fixes
   * @param verified what the last step says
   * @param schema what the comparison of the schema says now
   * @param check the last step itself
   * @param failed whether a migration is recorded as failed
   */
  static Situation of(
      boolean reachable,
      Optional<Failure> unfixed,
      StepAnswer fixing,
      StepAnswer verified,
      StepAnswer schema,
      FinalCheck check,
      boolean failed) {
    boolean wrong =
        verified.status() == StepStatus.FOUND || fixing.status() == StepStatus.FOUND || failed;
    return new Situation(
        reachable,
        unfixed,
        !wrong
            && verified.status() == StepStatus.DONE
            && check.isWhole()
            && fixing.status() != StepStatus.NOT_DONE,
        wrong,
        cause(schema, check, failed),
        verified.hint().or(fixing::hint));
  }

  private static Cause cause(StepAnswer schema, FinalCheck check, boolean failed) {
    if (schema.status() == StepStatus.FOUND || failed) {
      return Cause.MIGRATIONS;
    }
    return schema.status() == StepStatus.DONE && check.isDataSound() ? Cause.OTHER : Cause.UNKNOWN;
  }
}
