package dev.belay.emergency;

import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fixes, one by one, what was agreed to. One that cannot be fixed stops none of the others. */
final class Fixing {
  private final GuardedRun run;
  private final SchemaLook schema;

  Fixing(GuardedRun run, SchemaLook schema) {
    this.run = run;
    this.schema = schema;
  }

  /**
   * Fixes.
   *
   * @throws Failure REFUSED when another Belay is at work; UNAVAILABLE when the server cannot be
   *     reached; nothing was changed then
   */
  List<FixResult> apply(List<Fix> fixes, Journal journal) {
    List<FixResult> results = new ArrayList<>();
    try (OperationLock lock = run.lock();
        Database session = run.databases().open(run.target())) {
      FixGround ground = new FixGround(run, session, journal, schema);
      @Nullable Failure stopped = null;
      for (Fix fix : fixes) {
        FixResult result =
            stopped == null
                ? one(fix, ground, lock)
                : FixResult.left(fix.kind(), fix.subject(), "not tried any more", stopped.hint());
        results.add(result);
        run.progress().step(result.line());
        if (stopped == null) {
          stopped = lost(lock);
        }
      }
    }
    return results;
  }

  /** Without the lock or the server nothing more is changed. */
  private static @Nullable Failure lost(OperationLock lock) {
    try {
      lock.check();
      return null;
    } catch (Failure gone) {
      return gone;
    }
  }

  private static FixResult one(Fix fix, FixGround ground, OperationLock lock) {
    try {
      lock.check();
      ground
          .journal()
          .step(
              "fix",
              Map.of(
                  "kind",
                  fix.kind(),
                  "subject",
                  fix.subject(),
                  Journal.HINT,
                  "it is looked at anew by: belay emergency-recovery"));
      FailPoint.reached("emergency-fixing");
      FixResult result = fix.apply(ground);
      FailPoint.reached("emergency-fixed");
      ground
          .journal()
          .step(
              "fix-ended",
              Map.of(
                  "kind",
                  fix.kind(),
                  "subject",
                  fix.subject(),
                  "outcome",
                  result.outcome().word()));
      return result;
    } catch (Failure failure) {
      boolean uncertain =
          failure.exitCode() == ExitCode.INCOMPLETE || SqlState.lostConnection(failure);
      return new FixResult(
          fix.kind(),
          fix.subject(),
          uncertain ? FixOutcome.UNCERTAIN : FixOutcome.LEFT,
          failure.message(),
          failure.hint());
    }
  }
}
