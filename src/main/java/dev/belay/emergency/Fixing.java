package dev.belay.emergency;

import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fixes, one by one, what was agreed to. One that cannot be fixed stops none of the others. */
final class Fixing {
  private static final Logger LOG = LoggerFactory.getLogger(Fixing.class);

  private final GuardedRun run;
  private final SchemaLook schema;

  Fixing(GuardedRun run, SchemaLook schema) {
    this.run = run;
    this.schema = schema;
  }

  /**
   * Fixes.
   *
   * @param results is given what became of each as soon as it is known
   * @throws Failure REFUSED when another Belay is at work; UNAVAILABLE when the server cannot be
   *     reached; nothing was changed then
   */
  void apply(List<Fix> fixes, Journal journal, Consumer<FixResult> results) {
    try (OperationLock lock = run.lock();
        Database session = run.databases().open(run.target())) {
      FixGround ground = new FixGround(run, session, journal, schema);
      @Nullable Failure stopped = null;
      for (Fix fix : fixes) {
        FixResult result =
            stopped == null
                ? one(fix, ground, lock)
                : FixResult.left(fix.kind(), fix.subject(), "not tried any more", stopped.hint());
        results.accept(result);
        run.progress().step(result.line());
        if (stopped == null) {
          stopped = lost(lock, session);
        }
      }
    }
  }

  /** Without the lock or the server nothing more is changed. */
  private static @Nullable Failure lost(OperationLock lock, Database session) {
    try {
      lock.check();
      session.execute("select 1");
      return null;
    } catch (Failure gone) {
      return gone;
    }
  }

  private FixResult one(Fix fix, FixGround ground, OperationLock lock) {
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
    } catch (Failure failure) {
      return FixResult.left(fix.kind(), fix.subject(), failure.message(), failure.hint());
    }
    FailPoint.reached("emergency-fixing");
    FixResult result = applied(fix, ground);
    FailPoint.reached("emergency-fixed");
    try {
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
    } catch (Failure unwritable) {
      // What was done is done, whatever became of the line that says so.
      run.progress().warn(unwritable.message());
    }
    return result;
  }

  private static FixResult applied(Fix fix, FixGround ground) {
    try {
      return fix.apply(ground);
    } catch (Failure failure) {
      boolean uncertain =
          failure.exitCode() == ExitCode.INCOMPLETE || SqlState.lostConnection(failure);
      return new FixResult(
          fix.kind(),
          fix.subject(),
          uncertain ? FixOutcome.UNCERTAIN : FixOutcome.LEFT,
          failure.message(),
          failure.hint());
    } catch (RuntimeException defect) {
      LOG.error("the fix {} of {} broke", fix.kind(), fix.subject(), defect);
      return new FixResult(
          fix.kind(),
          fix.subject(),
          FixOutcome.UNCERTAIN,
          "a defect of belay: " + defect,
          "report it with the end of belay.log");
    }
  }
}
