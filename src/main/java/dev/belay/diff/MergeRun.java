package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import java.util.Optional;
import java.util.function.Consumer;

/** A merge from beginning to end, begun anew when somebody else changed rows meanwhile. */
final class MergeRun {
  private static final int MOST = 3;
  private static final long PAUSE_MILLIS = 100;

  private final Databases databases;
  private final Target target;
  private final MergeOptions options;
  private final Progress progress;
  private final Consumer<Merge> prepare;
  private final MergeConsent consent;
  private final MergeSteps steps;
  private Optional<MergePlan> agreed = Optional.empty();

  MergeRun(
      Databases databases,
      Target target,
      MergeOptions options,
      Progress progress,
      Consumer<Merge> prepare,
      MergeConsent consent,
      MergeSteps steps) {
    this.databases = databases;
    this.target = target;
    this.options = options;
    this.progress = progress;
    this.prepare = prepare;
    this.consent = consent;
    this.steps = steps;
  }

  MergeResult run() {
    for (int attempt = 1; ; attempt++) {
      try {
        Optional<MergeResult> result = once(attempt);
        while (result.isEmpty()) {
          progress.step("comparing again, since nothing was held while you were asked");
          result = once(attempt);
        }
        return result.get();
      } catch (Failure broken) {
        if (!passing(broken)) {
          throw broken;
        }
        if (attempt == MOST) {
          throw Failure.failed(
                  "somebody else changed rows each of %d times that it was tried: %s"
                      .formatted(MOST, broken.message()),
                  "merge when the application writes less, or in small transactions: --batch-size"
                      + " 1000")
              .causedBy(broken);
        }
        progress.warn("begins anew, since somebody else changed rows: " + broken.message());
        Attempts.pause(PAUSE_MILLIS << attempt);
      }
    }
  }

  private static boolean passing(Failure broken) {
    return broken.exitCode() != dev.belay.core.ExitCode.INCOMPLETE
        && (SqlState.SERIALIZATION_FAILURE.isOf(broken) || SqlState.DEADLOCK_DETECTED.isOf(broken));
  }

  /** Empty: somebody was asked and agreed, and nothing was held meanwhile. */
  private Optional<MergeResult> once(int attempt) {
    MergePlan plan;
    try (Merge merge = Merge.begin(databases, target, options, progress)) {
      prepare.accept(merge);
      plan = merge.plan();
      boolean asks = agreed.map(plan::exceeds).orElse(true);
      if (asks) {
        consent.look(plan, agreed);
      }
      if (!asks || !consent.takesLong(plan)) {
        if (asks && !agreed(plan)) {
          return Optional.of(new MergeResult(plan, Optional.empty()));
        }
        steps.before(plan);
        return Optional.of(new MergeResult(plan, Optional.of(merge.apply(steps).after(attempt))));
      }
    }
    return agreed(plan) ? Optional.empty() : Optional.of(new MergeResult(plan, Optional.empty()));
  }

  private boolean agreed(MergePlan plan) {
    boolean given = consent.given(plan, agreed);
    if (!given && agreed.isPresent()) {
      throw Failure.refused(
          "since you agreed, somebody else changed rows, and the merge would do more now",
          "look at the new plan with: --dry-run");
    }
    if (given) {
      agreed = Optional.of(plan);
    }
    return given;
  }
}
